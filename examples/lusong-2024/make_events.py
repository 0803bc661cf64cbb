#!/usr/bin/env python3
"""Writes the events of the example: budget-office.jsonl and accounting.jsonl.

The totals come from the department's published 2024 self-evaluation report
(整体支出绩效自评报告). The report gives year totals only, so dates, document
numbers and vouchers are illustrative: this script splits each total of
facts/spending.csv into vouchers, always in the same way, exact to the fen.

    python3 make_events.py [--output_dir=DIR]

Ends by adding up what it wrote; exits 1 when any total is off.
"""

import argparse
import datetime
import json
import pathlib
import sys

from accounting import accounting
from budget_office import ADJUSTMENTS, INCOME, budget_office
from common import (FIRST_DAY, FUNDS, HERE, LAST_DAY, ROWS, TOPICS, Dice,
                    day_of)

SEED = 430203


def wan(fen):
    """万元 to the fen."""
    sign = '-' if fen < 0 else ''
    return f'{sign}{abs(fen) // 1_000_000}.{abs(fen) % 1_000_000:06d}'


def row_of(line):
    if line['fund'] == FUNDS['government_fund']:
        return 'fund'
    return line.get('project') or line['nature'][len('NATURE_'):].lower()


def standing(inputs, as_of=LAST_DAY):
    """Vouchers dated by `as_of` that are not cancelled by then."""
    events = [event for event in (item['event'] for item in inputs)
              if datetime.date(*event['effectiveDate'].values()) <= as_of]
    gone = {event['reversal']['targetEventId']
            for event in events if 'reversal' in event}
    return [event['expenditureRecorded'] for event in events
            if 'expenditureRecorded' in event and event['eventId'] not in gone]


def budget_of(row, as_of=LAST_DAY):
    return ROWS[row][4] + sum(fen for day, adjusted, fen, _ in ADJUSTMENTS
                              if adjusted == row and day_of(day) <= as_of)


def spent_on(row, vouchers):
    return sum(int(voucher['amountFen']) for voucher in vouchers
               if row_of(voucher['line']) == row)


def check(inputs):
    """Prints a table of totals; answers whether all are right."""
    end, half = standing(inputs), standing(inputs, day_of('06-30'))
    good = True
    print(f'{"row":<18}{"approved":>14}{"adjusted":>14}{"executed":>14}'
          f'{"by 30 June":>14}')
    for row, (_, _, _, _, approved, expected) in ROWS.items():
        executed = spent_on(row, end)
        good &= executed == expected == budget_of(row)
        print(f'{row:<18}{wan(approved):>14}{wan(budget_of(row)):>14}'
              f'{wan(executed):>14}{wan(spent_on(row, half)):>14}')
    total = sum(int(voucher['amountFen']) for voucher in end)
    good &= total == 643_140_000 == sum(income[2] for income in INCOME)
    by_half = sum(int(voucher['amountFen']) for voucher in half)
    print(f'{"all":<46}{wan(total):>14}{wan(by_half):>14}')
    codes = {'reception 30217': ('30217',), 'office 30201': ('30201',),
             'utilities_travel': ('30205', '30206', '30211')}
    for topic, expected in TOPICS.items():
        fen = sum(int(v['amountFen']) for v in end
                  if (v.get('procurement') if topic == 'procurement' else
                      v['line']['economicCode'] in codes[topic]))
        good &= fen == expected
        print(f'{topic:<46}{wan(fen):>14}')
    return good and never_over_budget(inputs)


def never_over_budget(inputs):
    for offset in range((LAST_DAY - FIRST_DAY).days + 1):
        day = FIRST_DAY + datetime.timedelta(days=offset)
        vouchers = standing(inputs, day)
        for row in ROWS:
            if spent_on(row, vouchers) > budget_of(row, day):
                print(f'{row} is above its budget on {day}')
                return False
    return True


def write(path, inputs):
    with open(path, 'w', encoding='utf-8', newline='\n') as file:
        for item in inputs:
            file.write(json.dumps(item, ensure_ascii=False) + '\n')
    print(f'{path.name}: {len(inputs)} events')


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--output_dir', type=pathlib.Path, default=HERE)
    output_dir = parser.parse_args().output_dir
    print(f'seed {SEED}')
    vouchers = accounting(Dice(SEED))
    write(output_dir / 'budget-office.jsonl', budget_office(Dice(SEED + 1)))
    write(output_dir / 'accounting.jsonl', vouchers)
    if not check(vouchers):
        print('The totals are off.', file=sys.stderr)
        sys.exit(1)
    print('All totals are those of the published report.')


if __name__ == '__main__':
    main()
