"""What both sources of the example share: the report, its rows, its days."""

import csv
import datetime
import pathlib
import random

YEAR = 2024
HERE = pathlib.Path(__file__).resolve().parent
FACTS = HERE / 'facts'

DEPARTMENT = 'ledgers/430203/departments/115001'
REPORT = f'{DEPARTMENT}/reports/{YEAR}'

FIRST_DAY = datetime.date(YEAR, 1, 1)
LAST_DAY = datetime.date(YEAR, 12, 31)

FUNDS = {'general': 'FUND_GENERAL', 'government_fund': 'FUND_GOVERNMENT_FUND'}

# row: (fund, nature, project, function code, approved fen, executed fen)
ROWS = {
    'personnel': ('general', 'PERSONNEL', '', '2081101',
                  64_030_000, 85_930_000),
    'operating': ('general', 'OPERATING', '', '2081101',
                  5_940_000, 10_600_000),
    'rehabilitation': ('general', 'PROJECT', 'rehabilitation', '2081104',
                       201_500_000, 104_200_000),
    'employment': ('general', 'PROJECT', 'employment', '2081105',
                   151_550_000, 149_460_000),
    'other': ('general', 'PROJECT', 'other', '2081199',
              283_510_000, 239_250_000),
    # A project that the report never names.
    'fund': ('government_fund', 'PROJECT', '', '2296006', 0, 53_700_000),
}

# What the vouchers of some codes, and of the flag, must add up to.
TOPICS = {
    'reception 30217': 160_000,
    'office 30201': 2_000_000,
    'utilities_travel': 110_000,
    'procurement': 195_720_000,
}

# Public holidays of 2024 on working days, from and to.
HOLIDAYS = [('01-01', '01-01'), ('02-12', '02-16'), ('04-04', '04-05'),
            ('05-01', '05-03'), ('06-10', '06-10'), ('09-16', '09-17'),
            ('10-01', '10-07')]


def rows_of(name):
    with open(FACTS / name, encoding='utf-8', newline='') as file:
        return list(csv.DictReader(file))


def day_of(month_and_day):
    return datetime.date.fromisoformat(f'{YEAR}-{month_and_day}')


def date_json(day):
    return {'year': day.year, 'month': day.month, 'day': day.day}


def holidays():
    days = set()
    for first, last in HOLIDAYS:
        day = day_of(first)
        while day <= day_of(last):
            days.add(day)
            day += datetime.timedelta(days=1)
    return days


def working_day(day, off=frozenset(holidays())):
    while day.weekday() >= 5 or day in off:
        day += datetime.timedelta(days=1)
    return day


class Dice:
    """Whole random numbers, the same in every run and Python version."""

    def __init__(self, seed):
        self._random = random.Random(seed)

    def between(self, low, high):
        return low + self._random.getrandbits(32) % (high - low + 1)

    def moment(self, day, days_later=0):
        """A time of a working day, RFC 3339; office hours of UTC+8."""
        seconds = self.between(9 * 3600, 17 * 3600) - 8 * 3600
        midnight = datetime.datetime.combine(
            working_day(day + datetime.timedelta(days=days_later)),
            datetime.time())
        moment = midnight + datetime.timedelta(seconds=seconds)
        return moment.isoformat() + 'Z'


def line_json(row, economic='', government_economic='', **changes):
    fund, nature, project, function, _, _ = ROWS[row]
    line = {'fund': FUNDS[fund], 'nature': f'NATURE_{nature}',
            'project': project, 'functionCode': function,
            'economicCode': economic,
            'governmentEconomicCode': government_economic}
    line.update(changes)
    return {name: value for name, value in line.items() if value}
