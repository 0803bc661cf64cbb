"""The vouchers (凭证) of the accounting system, corrections included."""

import datetime

from common import (LAST_DAY, REPORT, YEAR, date_json, line_json, rows_of,
                    working_day)

# Vouchers that came in long after their day: (stream, month): days.
LATE = {('office', 3): 131, ('job_fair', 5): 104, ('home_care', 6): 76,
        ('media', 6): 140, ('medication', 8): 83, ('sports_arts', 10): 70}

# Paid in the settlement period: booked on 31 December, with this paper date.
SETTLEMENT = {('electricity', 12): datetime.date(2025, 1, 8),
              ('post', 12): datetime.date(2025, 1, 9)}

# Two mistakes and how they were put right.
# Typed wrongly: cancelled on its own day, so that history is corrected.
WRONG_AMOUNT = {'stream': 'office', 'month': 5, 'more_fen': 90_000,
                'found': datetime.date(YEAR, 7, 16)}
# Booked to the wrong project: cancelled later (红字冲销) and booked again.
WRONG_PROJECT = {'stream': 'medication', 'month': 6, 'project': 'other',
                 'function': '2081199', 'found': datetime.date(YEAR, 8, 20)}


def fen_of(yuan):
    whole, fraction = yuan.split('.')
    assert len(fraction) == 2, yuan
    return int(whole) * 100 + int(fraction)


def split(total, parts, spread, unit, dice):
    """`total` in `parts` uneven amounts, whole multiples of `unit` but one."""
    weights = [dice.between(1000 - 10 * spread, 1000 + 10 * spread)
               for _ in range(parts)]
    cuts, running = [0], 0
    for weight in weights[:-1]:
        running += weight
        cuts.append(total * running // sum(weights) // unit * unit)
    cuts.append(total)
    amounts = [after - before for before, after in zip(cuts, cuts[1:])]
    assert min(amounts) > 0
    return amounts


def months_of(text):
    """'1-3 12' -> 1, 2, 3, 12."""
    for part in text.split():
        first, _, last = part.partition('-')
        yield from range(int(first), int(last or first) + 1)


def payee_of(payees, index):
    """'康复机构4' stands for four of them, in turn."""
    name = payees.rstrip('0123456789')
    if name == payees:
        return f'示例：{name}'
    count = int(payees[len(name):])
    return f'示例{name}{index % count + 1:02d}'


def vouchers_of(stream, dice):
    """The vouchers that one row of spending.csv is split into."""
    row = stream['project'] or stream['nature']
    months = [month for month in months_of(stream['months'])
              for _ in range(int(stream['times']))]
    amounts = split(fen_of(stream['yuan']), len(months), int(stream['spread']),
                    max(1, 100 * int(stream['round_yuan'])), dice)
    first, last = (int(day) for day in stream['days'].split('-'))
    for index, (month, fen) in enumerate(zip(months, amounts)):
        key = (stream['stream'], month)
        day = working_day(
            datetime.date(YEAR, month, dice.between(first, last)))
        paper = SETTLEMENT.get(key)
        recorded = dice.moment(paper or day, LATE.get(key, dice.between(0, 3)))
        yield {
            'key': key, 'day': LAST_DAY if paper else day, 'paper': paper,
            'fen': fen, 'recorded': recorded,
            'filed': day_recorded(recorded) if key in LATE or paper else day,
            'line': line_json(row, stream['economic'],
                              stream['government_economic'],
                              functionCode=stream['function']),
            'method': stream['method'], 'contract': stream['contract'],
            'payee': payee_of(stream['payees'], index),
            'summary': f"示例：{stream['summary']}（{month}月）"}


def day_recorded(moment):
    return datetime.date.fromisoformat(moment[:10])


def with_mistakes(vouchers, dice):
    """Two vouchers are first booked wrongly, cancelled, and booked again."""
    result = []
    for voucher in vouchers:
        stream, month = voucher['key']
        result.append(voucher)
        for mistake in (WRONG_AMOUNT, WRONG_PROJECT):
            if (stream, month) != (mistake['stream'], mistake['month']):
                continue
            wrong = dict(voucher, line=dict(voucher['line']))
            found = mistake['found']
            voucher['filed'] = found
            voucher['recorded'] = dice.moment(found)
            voucher['summary'] += '，更正后重新入账'
            if mistake is WRONG_AMOUNT:
                wrong['fen'] += mistake['more_fen']
                wrong['reason'] = '示例：金额录入错误，更正原凭证'
            else:
                wrong['line']['project'] = mistake['project']
                wrong['line']['functionCode'] = mistake['function']
                wrong['reason'] = '示例：项目列错，红字冲销'
                voucher['day'] = found
            voucher['replaces'] = wrong
            result.append(wrong)
    return result


def number_vouchers(vouchers):
    """Numbers restart each month, in the order in which vouchers came in."""
    counts = {}
    for voucher in vouchers:
        month = voucher['day'].month
        counts[month] = counts.get(month, 0) + 1
        voucher['number'] = f'{YEAR}-{month:02d}-{counts[month]:04d}'


def voucher_json(voucher):
    spent = {'line': voucher['line'], 'amountFen': str(voucher['fen']),
             'voucherNumber': f"示例-{voucher['number']}",
             'paymentMethod': f"PAYMENT_METHOD_{voucher['method'].upper()}"}
    if voucher['contract']:
        spent['procurement'] = True
        spent['contractNumber'] = voucher['contract']
    event = {'eventId': f"voucher-{voucher['number']}", 'subject': REPORT,
             'effectiveDate': date_json(voucher['day'])}
    if voucher['paper']:
        event['documentDate'] = date_json(voucher['paper'])
    event['sourceRecordedTime'] = voucher['recorded']
    event['expenditureRecorded'] = spent
    return {'event': event, 'personalData': {
        'payee': voucher['payee'], 'summary': voucher['summary'],
        'preparer': '示例填制人'}}


def reversal_json(voucher):
    wrong = voucher['replaces']
    return {'event': {
        'eventId': f"reversal-{wrong['number']}", 'subject': REPORT,
        'effectiveDate': date_json(voucher['day']),
        'sourceRecordedTime': voucher['recorded'],
        'reversal': {'targetEventId': f"voucher-{wrong['number']}",
                     'reason': wrong['reason']}},
            'personalData': {'preparer': '示例填制人'}}


def accounting(dice):
    """Vouchers by date; late ones and corrections where they came in."""
    vouchers = [voucher for stream in rows_of('spending.csv')
                for voucher in vouchers_of(stream, dice)]
    vouchers = with_mistakes(vouchers, dice)
    vouchers.sort(key=lambda v: (v['filed'], v['day']))
    number_vouchers(vouchers)
    inputs = []
    for voucher in vouchers:
        if 'replaces' in voucher:
            inputs.append(reversal_json(voucher))
        inputs.append(voucher_json(voucher))
    return inputs
