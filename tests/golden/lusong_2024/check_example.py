#!/usr/bin/env python3
"""Checks the example's events against the facts of the published report.

Folds examples/lusong-2024/*.jsonl in the plainest way (every figure is a loop
over all events) and compares with figures.csv, indicators.csv and
activities.csv beside this file. Prints each difference; exits 1 on any.

    python3 check_example.py [DIRECTORY_OF_THE_EVENTS]
"""

import csv
import json
import re
import sys
from datetime import date
from fractions import Fraction
from pathlib import Path

GOLDEN = Path(__file__).resolve().parent
EXAMPLE = GOLDEN.parents[2] / 'examples' / 'lusong-2024'
YEAR_END = date(2024, 12, 31)

UNDATED = {'departmentRegistered', 'projectRegistered', 'reportOpened',
           'policyAdopted'}
ENVELOPE = {'eventId', 'subject', 'effectiveDate', 'documentDate',
            'sourceRecordedTime'}
FUND_NAMES = {'general': 'FUND_GENERAL',
              'government_fund': 'FUND_GOVERNMENT_FUND',
              'state_capital': 'FUND_STATE_CAPITAL',
              'social_insurance': 'FUND_SOCIAL_INSURANCE',
              'special_account': 'FUND_SPECIAL_ACCOUNT', 'other': 'FUND_OTHER'}
NATURES = {'basic': {'NATURE_BASIC', 'NATURE_PERSONNEL', 'NATURE_OPERATING'},
           'personnel': {'NATURE_PERSONNEL'},
           'operating': {'NATURE_OPERATING'}, 'project': {'NATURE_PROJECT'}}

# Topic rows: within these natures, these codes.
ANY = None
TOPICS = {
    'three_public': (ANY, ('30212', '30217', '30231', '31013', '30913')),
    'three_public.reception': (ANY, ('30217',)),
    'three_public.vehicles': (ANY, ('30231', '31013', '30913')),
    'three_public.vehicles.purchase': (ANY, ('31013', '30913')),
    'three_public.vehicles.operation': (ANY, ('30231',)),
    'three_public.abroad': (ANY, ('30212',)),
    'operating.office': ('operating', ('30201',)),
    'operating.utilities_travel': ('operating', ('30205', '30206', '30211')),
    'operating.meetings_training': ('operating', ('30215', '30216')),
}
EMPTY = {'STATEMENT_ZERO': '0.00', 'STATEMENT_NONE': '无',
         'STATEMENT_NOT_APPLICABLE': '——'}
LINE_MEASURES = {'approved', 'adjustment', 'adjusted', 'executed', 'income',
                 'opening_carryover', 'closing_carryover'}


class Event:
    def __init__(self, source, raw):
        body = raw['event']
        self.id = body['eventId']
        self.source = source
        self.body = body
        kinds = [name for name in body if name not in ENVELOPE]
        assert len(kinds) == 1, (self.id, kinds)
        self.kind = kinds[0]
        self.data = body[self.kind]
        self.personal = raw.get('personalData', {})
        day = body.get('effectiveDate')
        self.day = date(day['year'], day['month'], day['day']) if day else None


def read_events(directory):
    events = []
    for source in ('budget-office', 'accounting'):
        with open(directory / f'{source}.jsonl', encoding='utf-8') as file:
            events += [Event(source, json.loads(line)) for line in file]
    return events


def two_decimals(number):
    """Half away from zero; never -0.00."""
    hundredths = int(abs(number) * 100 + Fraction(1, 2))
    sign = '-' if number < 0 and hundredths else ''
    return f'{sign}{hundredths // 100}.{hundredths % 100:02d}'


def decimal(value):
    return Fraction(int(value['unscaled']), 10 ** value.get('scale', 0))


def as_recorded(value):
    digits, scale = value['unscaled'], value.get('scale', 0)
    return digits if not scale else f'{digits[:-scale] or 0}.{digits[-scale:]}'


class Book:
    """What stands on a day: dated by then and not reversed by then."""

    def __init__(self, events, day=YEAR_END):
        dated = [e for e in events if e.day is None or e.day <= day]
        gone = {(e.data.get('targetSource') or e.source,
                 e.data['targetEventId']) for e in dated
                if e.kind == 'reversal'}
        standing = [e for e in dated if (e.source, e.id) not in gone]
        # Stable: by date, then by place in the files.
        self.events = sorted(standing, key=lambda e: e.day or date.min)
        opened = self.of('reportOpened')[-1].data
        self.funds = opened['funds']
        self.book_source = opened['bookSource']
        self.stated = {e.data['figure']: EMPTY[e.data['statement']]
                       for e in self.of('figureStated')}
        self.prior = {e.data['figure']: int(e.data['amountFen'])
                      for e in self.of('priorYearFigureStated')}

    def of(self, kind):
        return [e for e in self.events if e.kind == kind]

    def flows(self, measure):
        if measure == 'adjusted':
            return self.flows('approved') + self.flows('adjustment')
        kind = {'approved': 'budgetApproved', 'adjustment': 'budgetAdjusted',
                'executed': 'expenditureRecorded', 'income': 'incomeReceived',
                'opening_carryover': 'carryoverOpened',
                'closing_carryover': 'carryoverClosed'}[measure]
        return [e.data for e in self.of(kind)
                if kind != 'expenditureRecorded'
                or e.source == self.book_source]

    def fen(self, row, measure):
        """Sum of a money row, or None when its fund was not opened."""
        fund, nature, project = row
        wanted = self.funds if fund == 'all' else [FUND_NAMES[fund]]
        if not set(wanted) & set(self.funds):
            return None
        return sum(int(f['amountFen']) for f in self.flows(measure)
                   if not f.get('ofWhich') and f['line']['fund'] in wanted
                   and (not nature or f['line'].get('nature') in
                        NATURES[nature])
                   and (not project or f['line'].get('project') == project))

    def topic_fen(self, name, measure):
        flows = [f for f in self.flows(measure)
                 if f['line']['fund'] in self.funds
                 and bool(f.get('ofWhich')) == (measure == 'approved')]
        if name == 'procurement':
            flows = [f for f in flows if f.get('procurement')]
        else:
            nature, codes = TOPICS[name]
            flows = [f for f in flows
                     if f['line'].get('economicCode', '').startswith(codes)
                     and (not nature or f['line'].get('nature') in
                          NATURES[nature])]
        return sum(int(f['amountFen']) for f in flows) if flows else None

    def figure(self, path):
        """(value, unit) as the report prints them."""
        name, _, measure = path.rpartition('.')
        if path.startswith('headcount.'):
            return self.headcount(measure)
        if path.startswith('score.'):
            return Scores(self).figure(path)
        if not name:
            return self.stated.get(path, ''), ''
        if measure.startswith('execution_rate'):
            return self.rate(name, measure), '%'
        fen = self.money(path)
        if not fen and path in self.stated:
            value = self.stated[path]
            return value, '万元' if value == '0.00' else ''
        return ('' if fen is None else two_decimals(Fraction(fen, 10 ** 6)),
                '万元')

    def money(self, path):
        """Fen of a money figure or topic row; None when it is blank."""
        name, _, measure = path.rpartition('.')
        if measure == 'prior_executed':
            return self.prior.get(path)
        if name in TOPICS or name == 'procurement':
            return self.topic_fen(name, measure)
        assert measure in LINE_MEASURES, path
        row = re.fullmatch(r'(\w+?)(?:\.basic)?(?:\.(\w+))?(?:\[(\w+)\])?',
                           name)
        nature = row[2] or ('basic' if name.endswith('.basic') else None)
        return self.fen((row[1], nature, row[3]), measure)

    def rate(self, fund, measure):
        base = 'approved' if measure.endswith('approved') else 'adjusted'
        row = (fund, None, None)
        return two_decimals(Fraction(100 * self.fen(row, 'executed'),
                                     self.fen(row, base)))

    def headcount(self, part):
        people = {}
        for event in self.of('headcountRecorded'):
            people.update(event.data)
        if part == 'control_rate':
            rate = Fraction(100 * people['actual'], people['quota'])
            return two_decimals(rate), '%'
        return str(people[part]), '人'

    def indicators(self):
        return {e.data['indicator']: e.data for e in self.of('indicatorSet')}

    def result(self, indicator):
        """(number, word or figure as text, attainment of a word)."""
        text, attained = '', None
        number = Fraction(0)
        for event in self.of('indicatorResultRecorded'):
            if event.data['indicator'] != indicator:
                continue
            text, number = self.measured(
                event.data['value'],
                number if event.data['mode'] == 'MODE_INCREMENT' else 0)
            if 'attainmentPercent' in event.data:
                attained = decimal(event.data['attainmentPercent'])
        return text, number, attained

    def measured(self, value, before=0):
        if 'word' in value:
            return value['word'], None
        if 'figure' in value:
            text, _ = self.figure(value['figure'])
            return text, Fraction(text)
        number = decimal(value['quantity']['value']) + before
        if not before:
            return as_recorded(value['quantity']['value']), number
        assert number.denominator == 1, 'increments of the example are whole'
        return str(number), number


class Scores:
    def __init__(self, book):
        self.book = book
        self.policy = book.of('policyAdopted')[-1].data['policy']
        self.declared = {e.data['row']: decimal(e.data['declaredScore'])
                         for e in book.of('indicatorAssessed')}

    def rule(self, indicator):
        points = decimal(indicator['weight'])
        _, actual, attained = self.book.result(indicator['indicator'])
        _, target = self.book.measured(indicator['target'])
        operator = indicator['operator']
        if operator == 'OPERATOR_QUALITATIVE':
            return points * attained / 100
        if operator == 'OPERATOR_AT_LEAST':
            return points * min(1, max(0, actual / target))
        assert operator == 'OPERATOR_AT_MOST', operator
        return points * max(0, min(1, 1 - (actual - target) / target))

    def figure(self, path):
        ruled = path.startswith('score.rule.')
        rule = {i['indicator']: self.rule(i)
                for i in self.book.indicators().values() if 'weight' in i}
        row = ('all', None, None)
        rule['execution'] = decimal(self.policy['execution']['weight']) * min(
            1, Fraction(self.book.fen(row, 'executed'),
                        self.book.fen(row, 'adjusted')))
        counted = {key: rule[key] if ruled else self.declared.get(
            key, rule[key]) for key in rule}
        total = sum(counted.values())
        name = path.rpartition('.')[2]
        if name == 'grade':
            return next(g['label'] for g in self.policy['grades']
                        if total >= decimal(g['scoreMin'])), ''
        wanted = {'total': counted, 'execution': ['execution'],
                  'indicators': set(counted) - {'execution'}}.get(
                      name, [k for k in counted if k.startswith(name + '.')])
        return two_decimals(sum(counted[key] for key in wanted)), '分'


# --- comparisons: each yields differences -------------------------------------

def table(name):
    with open(GOLDEN / name, encoding='utf-8', newline='') as file:
        return list(csv.DictReader(file))


def compare_figures(book):
    for row in table('figures.csv'):
        actual = book.figure(row['figure'])
        if actual != (row['value'], row['unit']):
            yield f"{row['figure']}: {actual}, not {row['value'], row['unit']}"
        elif row['unit'] == '万元' and row['value']:
            # The report rounds to 100 yuan; the example adds up to the fen.
            over = (book.money(row['figure'])
                    - Fraction(row['value']) * 10 ** 6)
            if over:
                yield f"{row['figure']}: {over} fen too much"


def compare_activities(book):
    found = {}
    for event in book.of('activityRecorded'):
        a = event.data
        found[a['activity']] = {
            'id': a['activity'], 'label': a['label'],
            'value': as_recorded(a['quantity']['value']),
            'unit': a['quantity']['unit'],
            'qualifier': a['qualifier'][len('QUALIFIER_'):].lower(),
            'project': a['project']}
    expected = {row['id']: row for row in table('activities.csv')}
    for key in sorted(set(found) | set(expected)):
        if found.get(key) != expected.get(key):
            yield f'activity {key}: {found.get(key)}, not {expected.get(key)}'


def compare_indicators(book):
    signs = {'OPERATOR_AT_LEAST': '>=', 'OPERATOR_AT_MOST': '<=',
             'OPERATOR_QUALITATIVE': 'qualitative',
             'OPERATOR_NOT_APPLICABLE': 'none'}
    scores = {e.data['row']: e.data for e in book.of('indicatorAssessed')}
    levels = {level['id']: level['label'] for level in
              Scores(book).policy['levels']}
    rows = table('indicators.csv')
    if list(book.indicators()) != [row['id'] for row in rows]:
        yield 'the indicators, or their order'
    for row in rows:
        i = book.indicators()[row['id']]
        target = i.get('target', {})
        declared = scores.get(row['id'], {})
        found = {
            'id': i['indicator'], 'level1': levels[i['level']],
            'level2': i['level2'], 'level3': i['name'],
            'operator': signs[i['operator']],
            'printed_operator': i.get('printedOperator', ''),
            'target': book.measured(target)[0] if target else '',
            'actual': book.result(row['id'])[0],
            'unit': '万元' if 'figure' in target else
                    target.get('quantity', {}).get('unit', ''),
            'weight': as_recorded(i['weight']) if 'weight' in i else '',
            'declared_score': as_recorded(declared['declaredScore'])
                              if declared else '',
            'deviation_reason': declared.get('deviationReason', '')}
        if found != row:
            yield f"indicator {row['id']}: {found}, not {row}"


def check_shape(events):
    """Identities, dates, reversals, quotations, personal data."""
    seen, reversed_ids = {}, set()
    projects = set()
    for event in events:
        key = (event.source, event.id)
        if key in seen or len(event.id.encode()) > 64:
            yield f'{event.id}: an id that stands twice, or is too long'
        seen[key] = event
        if (event.day is None) != (event.kind in UNDATED):
            yield f'{event.id}: effective date'
        if event.day and event.day.year != 2024:
            yield f'{event.id}: dated outside the year'
        if event.kind == 'projectRegistered':
            projects.add(event.data['key'])
        project = event.data.get('line', event.data).get('project')
        if project and project not in projects:
            yield f'{event.id}: project {project} is not registered before'
        if event.personal and event.source != 'accounting':
            yield f'{event.id}: personal data beside no voucher'
        if event.kind == 'reversal':
            target = seen.get((event.source, event.data['targetEventId']))
            if (target is None or target.kind == 'reversal'
                    or target.day > event.day or target.id in reversed_ids):
                yield f'{event.id}: reverses what it may not'
            reversed_ids.add(event.data['targetEventId'])
    if len(reversed_ids) < 2:
        yield 'there are no corrections'


def check_narrative(events, book):
    activities = {row['id'] for row in table('activities.csv')}
    figures = {row['figure'] for row in table('figures.csv')}
    quoted = set()
    for event in book.of('narrativeSectionRecorded'):
        paths = set(re.findall(r'\{\{(.*?)\}\}', event.data['text']))
        quoted |= paths
        for path in paths:
            activity = re.fullmatch(r'activity\[(\w+)\]', path)
            if path not in figures and (not activity or
                                        activity[1] not in activities):
                yield f'{event.id} quotes {path}, which nothing checks'
        if re.search(r'\d+\.\d+万元', event.data['text']):
            yield f'{event.id} retypes an amount'
    for key in sorted(activities):
        if f'activity[{key}]' not in quoted:
            yield f'no text quotes activity[{key}]'
    keys = [e.data['section'] for e in events
            if e.kind == 'narrativeSectionRecorded']
    if keys != sorted(keys, key=str.encode):
        yield 'sections are not in the order of their keys'


def check_numbers(events):
    numbers = [e.data['voucherNumber'] for e in events
               if e.kind == 'expenditureRecorded']
    if len(set(numbers)) != len(numbers):
        yield 'a voucher number stands twice'
    if len(numbers) < 300:
        yield f'only {len(numbers)} vouchers'


def main():
    directory = Path(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLE
    events = read_events(directory)
    book = Book(events)
    differences = [*check_shape(events), *check_numbers(events),
                   *check_narrative(events, book), *compare_figures(book),
                   *compare_activities(book), *compare_indicators(book)]
    for difference in differences:
        print(difference)
    print(f"{len(events)} events, {len(table('figures.csv'))} figures, "
          f"{len(table('indicators.csv'))} indicators, "
          f"{len(table('activities.csv'))} activities: "
          f"{len(differences) or 'no'} differences")
    sys.exit(1 if differences else 0)


if __name__ == '__main__':
    main()
