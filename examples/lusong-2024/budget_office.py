"""The events of the budget office (财政): all but the vouchers."""

import datetime

from common import (DEPARTMENT, FACTS, FIRST_DAY, FUNDS, LAST_DAY, REPORT,
                    ROWS, TOPICS, YEAR, date_json, day_of, line_json, rows_of)

# The form was filled in on this day.
FORM_DATE = datetime.date(2025, 10, 10)

NOTE = '示例：日期与文号为示意，合计数依据公开报告'

PROJECTS = {
    'rehabilitation': ('残疾人康复', ['残疾人康复资金', '残疾人康复资金项目支出']),
    'employment': ('残疾人就业', ['残疾人就业资金', '残疾人就业资金项目支出']),
    'other': ('其他残疾人事业支出',
              ['残疾人事业项目', '残疾人事业支出', '残疾人事业支出项目支出']),
}

# (day, row, fen, kind)
ADJUSTMENTS = [
    ('04-12', 'fund', 36_200_000, 'ALLOCATION'),
    ('05-20', 'personnel', 6_400_000, 'SUPPLEMENT'),
    ('06-14', 'operating', 2_360_000, 'SUPPLEMENT'),
    ('08-23', 'fund', 17_500_000, 'ALLOCATION'),
    ('08-30', 'rehabilitation', -52_000_000, 'REDUCTION'),
    ('08-30', 'other', -18_000_000, 'REDUCTION'),
    ('09-06', 'personnel', 9_800_000, 'SUPPLEMENT'),
    ('10-18', 'operating', 2_300_000, 'SUPPLEMENT'),
    ('11-22', 'rehabilitation', -45_300_000, 'REDUCTION'),
    ('11-22', 'other', -26_260_000, 'REDUCTION'),
    ('12-05', 'personnel', 5_700_000, 'SUPPLEMENT'),
    ('12-12', 'employment', -2_090_000, 'REDUCTION'),
]

# (day, fund, fen): the quarter's money comes early in the quarter.
INCOME = [
    ('01-08', 'general', 151_300_000), ('04-09', 'general', 158_640_000),
    ('07-08', 'general', 142_500_000), ('10-10', 'general', 137_000_000),
    ('04-15', 'government_fund', 36_200_000),
    ('08-26', 'government_fund', 17_500_000),
]

# figure: fen of 2023
PRIOR_YEAR = {
    'general.basic.operating.prior_executed': 14_800_000,
    'general.project.prior_executed': 454_020_000,
    'general.project[rehabilitation].prior_executed': 113_230_000,
    'general.project[employment].prior_executed': 73_440_000,
    'general.project[other].prior_executed': 267_350_000,
    'three_public.prior_executed': 0,
    'operating.office.prior_executed': 490_000,
    'operating.utilities_travel.prior_executed': 140_000,
}

STATED = {
    'state_capital.executed': 'NONE',
    'social_insurance.executed': 'NONE',
    'construction': 'NONE',
    'thrift_measures': 'NONE',
    'procurement.prior_executed': 'NOT_APPLICABLE',
    'government_fund.opening_carryover': 'ZERO',
    'government_fund.closing_carryover': 'ZERO',
    'general.project.closing_carryover': 'ZERO',
}

# id: (label, points, assessed at the end of the year)
LEVELS = {
    'output': ('产出指标', 40, False),
    'benefit': ('效益指标', 20, False),
    'satisfaction': ('满意度指标', 10, True),
    'cost': ('成本指标', 20, True),
}
GRADES = [('优', 90), ('良', 80), ('中', 60), ('差', 0)]

OPERATORS = {'>=': 'AT_LEAST', '<=': 'AT_MOST', 'qualitative': 'QUALITATIVE',
             'none': 'NOT_APPLICABLE'}

# Results on the way: (indicator, day, number, what it does). The number of the
# published report is reached by 31 December; the steps are illustrative.
RESULTS = [
    ('output.quantity.employment', '03-29', '71', 'CUMULATIVE'),
    ('output.quantity.employment', '06-28', '85', 'INCREMENT'),
    ('output.quantity.employment', '09-27', '78', 'INCREMENT'),
    ('output.quantity.employment', '12-20', '280', 'CUMULATIVE'),
    ('output.quantity.child_rehabilitation', '03-29', '41', 'CUMULATIVE'),
    ('output.quantity.child_rehabilitation', '06-28', '57', 'CUMULATIVE'),
    ('output.quantity.child_rehabilitation', '09-27', '80', 'CUMULATIVE'),
    ('output.quantity.child_rehabilitation', '12-13', '88', 'CUMULATIVE'),
    ('output.quantity.startup_support', '05-24', '2', 'INCREMENT'),
    ('output.quantity.startup_support', '06-28', '2', 'INCREMENT'),
    ('output.quantity.startup_support', '08-30', '3', 'INCREMENT'),
    ('output.quantity.startup_support', '11-22', '2', 'INCREMENT'),
    ('output.quantity.accessibility', '04-30', '18', 'INCREMENT'),
    ('output.quantity.accessibility', '06-28', '39', 'INCREMENT'),
    ('output.quantity.accessibility', '08-30', '33', 'INCREMENT'),
    ('output.quantity.accessibility', '10-31', '25', 'INCREMENT'),
    ('output.quality.basic_rehabilitation_rate', '06-28', '71', 'CUMULATIVE'),
    ('output.quality.basic_rehabilitation_rate', '12-31', '100', 'CUMULATIVE'),
    ('output.quality.assistive_device_rate', '06-28', '64', 'CUMULATIVE'),
    ('output.quality.assistive_device_rate', '12-31', '100', 'CUMULATIVE'),
    ('satisfaction.rehabilitation', '12-31', '100', 'CUMULATIVE'),
    ('satisfaction.employment', '12-31', '100', 'CUMULATIVE'),
]


def decimal_json(text):
    """'341.5' -> 3415 with scale 1."""
    whole, _, fraction = text.partition('.')
    value = {'unscaled': str(int(whole + fraction))}
    if fraction:
        value['scale'] = len(fraction)
    return value


class BudgetOffice:
    """Collects the events of the budget office."""

    def __init__(self, dice):
        self.inputs = []
        self._dice = dice

    def add(self, event_id, payload, day=None, document=None, recorded=None,
            subject=REPORT):
        """`recorded` is a day; without it the event's own day is taken."""
        event = {'eventId': event_id, 'subject': subject}
        if day:
            event['effectiveDate'] = date_json(day)
        if document:
            event['documentDate'] = date_json(document)
        event['sourceRecordedTime'] = self._dice.moment(recorded or day, 0)
        event.update(payload)
        self.inputs.append({'event': event})

    def registrations(self):
        start = day_of('01-02')
        self.add('department-115001',
                 {'departmentRegistered': {'name': '株洲市芦淞区残疾人联合会'}},
                 recorded=start, subject=DEPARTMENT)
        for key, (name, aliases) in PROJECTS.items():
            self.add(f'project-{key}', {'projectRegistered': {
                'key': key, 'name': name, 'aliases': aliases,
                'category': 'CATEGORY_TARGETED',
                'parentProgramme': '残疾人事业专项资金'}},
                     recorded=start, subject=DEPARTMENT)
        self.add(f'report-{YEAR}', {'reportOpened': {
            'funds': list(FUNDS.values()), 'bookSource': 'accounting',
            'form': 'zhuzhou-2024'}}, recorded=start)
        self.add('policy-zhuzhou-2024-1', {'policyAdopted': {
            'policy': self._policy()}}, recorded=start)

    @staticmethod
    def _policy():
        levels = [{'id': key, 'label': label,
                   'weight': decimal_json(str(points)),
                   **({'assessedAtYearEnd': True} if at_year_end else {})}
                  for key, (label, points, at_year_end) in LEVELS.items()]
        return {'id': 'zhuzhou-2024', 'version': 1,
                'title': '2024年度部门（单位）整体支出绩效自评表',
                'execution': {'weight': decimal_json('10'),
                              'base': 'BASE_ADJUSTED'},
                'levels': levels, 'reverseRule': 'REVERSE_RULE_LINEAR',
                'grades': [{'label': label, 'scoreMin': decimal_json(str(low))}
                           for label, low in GRADES]}

    def approvals(self):
        paper = day_of('01-19')
        number = '示例〔2024〕1号'
        for row, (_, _, _, _, approved, _) in ROWS.items():
            if approved:
                self.add(f'approved-{row}', {'budgetApproved': {
                    'line': line_json(row), 'amountFen': str(approved),
                    'documentNumber': number}}, FIRST_DAY, paper, paper)
        for name, economic, government, fen in (
                ('reception', '30217', '50206', 400_000),
                ('office', '30201', '50201', 3_990_000)):
            self.add(f'approved-of-which-{name}', {'budgetApproved': {
                'line': line_json('operating', economic, government),
                'amountFen': str(fen), 'ofWhich': True,
                'documentNumber': number}}, FIRST_DAY, paper, paper)
        self.add('approved-of-which-procurement', {'budgetApproved': {
            'line': {'fund': FUNDS['general'], 'nature': 'NATURE_PROJECT'},
            'amountFen': str(TOPICS['procurement']), 'ofWhich': True,
            'procurement': True, 'documentNumber': number}},
                 FIRST_DAY, paper, paper)

    def money_of_the_year(self):
        for number, (day, row, fen, kind) in enumerate(ADJUSTMENTS, 1):
            self.add(f'adjusted-{YEAR}-{day}-{row}', {'budgetAdjusted': {
                'line': line_json(row), 'amountFen': str(fen),
                'kind': f'KIND_{kind}',
                'documentNumber': f'示例〔2024〕{number + 10}号',
                'reason': NOTE}}, day_of(day), day_of(day))
        for day, fund, fen in INCOME:
            self.add(f'income-{YEAR}-{day}-{fund}', {'incomeReceived': {
                'line': {'fund': FUNDS[fund]}, 'amountFen': str(fen)}},
                     day_of(day))

    def stated_values(self):
        for figure, fen in PRIOR_YEAR.items():
            self.add(f'prior-{figure}', {'priorYearFigureStated': {
                'figure': figure, 'amountFen': str(fen)}},
                     FIRST_DAY, None, day_of('01-22'))
        for figure, statement in STATED.items():
            self.at_year_end(f'stated-{figure}', {'figureStated': {
                'figure': figure, 'statement': f'STATEMENT_{statement}'}})
        self.at_year_end('headcount', {'headcountRecorded': {
            'quota': 4, 'actual': 4, 'permanent': 3, 'contract': 1}})

    def at_year_end(self, event_id, payload):
        """About 31 December, from the form filled in the October after."""
        self.add(event_id, payload, LAST_DAY, FORM_DATE, FORM_DATE)

    def indicators(self):
        for row in rows_of('indicators.csv'):
            indicator = {'indicator': row['id'],
                         'level': row['id'].partition('.')[0],
                         'level2': row['level2'], 'name': row['level3'],
                         'operator': f"OPERATOR_{OPERATORS[row['operator']]}"}
            if row['printed_operator']:
                indicator['printedOperator'] = row['printed_operator']
            if row['operator'] != 'none':
                indicator['target'] = measured(row, 'target', 'all.approved')
                indicator['weight'] = decimal_json(row['weight'])
            self.add(f"indicator-{row['id']}", {'indicatorSet': indicator},
                     FIRST_DAY, None, day_of('01-22'))

    def results(self):
        by_id = {row['id']: row for row in rows_of('indicators.csv')}
        for indicator, day, number, mode in RESULTS:
            value = quantity_json(number, by_id[indicator]['unit'])
            self.add(f'result-{indicator}-{YEAR}-{day}', {
                'indicatorResultRecorded': {
                    'indicator': indicator, 'value': {'quantity': value},
                    'mode': f'MODE_{mode}'}}, day_of(day))
        stepwise = {result[0] for result in RESULTS}
        for row in by_id.values():
            if row['operator'] == 'none' or row['id'] in stepwise:
                continue
            result = {'indicator': row['id'],
                      'value': measured(row, 'actual', 'all.executed'),
                      'mode': 'MODE_CUMULATIVE'}
            if row['operator'] == 'qualitative':
                result['attainmentPercent'] = decimal_json('100')
            self.at_year_end(f"result-{row['id']}-{YEAR}-12-31",
                             {'indicatorResultRecorded': result})

    def declared_scores(self):
        scores = [('execution', '10', ''), ('total', '95', '')]
        scores[1:1] = [(row['id'], row['declared_score'],
                        row['deviation_reason'])
                       for row in rows_of('indicators.csv')
                       if row['declared_score']]
        for row, score, reason in scores:
            assessed = {'row': row, 'declaredScore': decimal_json(score)}
            if reason:
                assessed['deviationReason'] = reason
            self.at_year_end(f'assessed-{row}', {'indicatorAssessed': assessed})

    def activities(self):
        for row in rows_of('activities.csv'):
            self.add(f"activity-{row['id']}", {'activityRecorded': {
                'activity': row['id'], 'label': row['label'],
                'quantity': quantity_json(row['value'], row['unit']),
                'qualifier': f"QUALIFIER_{row['qualifier'].upper()}",
                'project': row['project']}},
                     datetime.date.fromisoformat(row['date']))

    def narrative(self):
        text = (FACTS / 'narrative.txt').read_text(encoding='utf-8')
        for section in text.split('\n== ')[1:]:
            heading, _, body = section.partition('\n')
            key, _, title = heading.partition(' | ')
            self.at_year_end(f'narrative-{key}', {'narrativeSectionRecorded': {
                'section': key, 'title': title, 'text': body.strip('\n')}})


def quantity_json(number, unit):
    return {'value': decimal_json(number), 'unit': unit}


def measured(row, column, figure):
    """Target or result of an indicator; that of the cost one is a figure."""
    if row['operator'] == 'qualitative':
        return {'word': row[column]}
    if row['id'] == 'cost.economic.overall':
        return {'figure': figure}
    return {'quantity': quantity_json(row[column], row['unit'])}


def budget_office(dice):
    office = BudgetOffice(dice)
    office.registrations()
    office.approvals()
    office.money_of_the_year()
    office.stated_values()
    office.indicators()
    office.results()
    office.declared_scores()
    office.activities()
    office.narrative()
    office.inputs.sort(key=lambda i: i['event']['sourceRecordedTime'][:10])
    return office.inputs
