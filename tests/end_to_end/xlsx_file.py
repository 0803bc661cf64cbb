"""Workbooks, read and filled in with the standard library alone.

Workbook knows what `daybook template` writes: shared strings, one style for each
cell, rows in order. A cell that is filled in takes the style of the example
above it, as it would in a spreadsheet."""

import datetime
import re
import zipfile
from xml.sax.saxutils import escape, unescape

# Day 0 of a spreadsheet's calendar, for days after February 1900.
EPOCH = datetime.date(1899, 12, 30)


def column_letters(number):
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_number(letters):
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


class Workbook:
    def __init__(self, path):
        with zipfile.ZipFile(path) as archive:
            self.parts = {name: archive.read(name).decode("utf-8")
                          for name in archive.namelist()}
        found = re.findall(r"<sheet ([^>]*)/>", self.parts["xl/workbook.xml"])
        self.hidden = {re.search('name="([^"]*)"', sheet)[1]
                       for sheet in found if 'state="hidden"' in sheet}
        self.sheets = {re.search('name="([^"]*)"', sheet)[1]:
                       f"xl/worksheets/sheet{number}.xml"
                       for number, sheet in enumerate(found, 1)}
        texts = re.findall(r"<si>(.*?)</si>",
                           self.parts.get("xl/sharedStrings.xml", ""), re.S)
        self.texts = [unescape("".join(re.findall(r"<t[^>]*>(.*?)</t>", text,
                                                  re.S))) for text in texts]

    def xml(self, sheet):
        return self.parts[self.sheets[sheet]]

    def rows(self, sheet):
        """[{column number: text or digits}]"""
        rows = []
        for row in re.findall(r"<row [^>]*?(?:/>|>(.*?)</row>)",
                              self.xml(sheet), re.S):
            cells = {}
            for letters, kind, value in re.findall(
                    r'<c r="([A-Z]+)\d+"(?: s="\d+")?(?: t="(\w+)")?>'
                    r"<v>(.*?)</v></c>", row):
                cells[column_number(letters)] = (
                    self.texts[int(value)] if kind == "s" else value)
            rows.append(cells)
        return rows

    def styles(self, sheet, row):
        return dict(re.findall(rf'<c r="([A-Z]+){row}" s="(\d+)"',
                               self.xml(sheet)))

    def fill(self, sheet, rows):
        """Writes rows, {heading: value}, below the example."""
        headings = {text: number
                    for number, text in self.rows(sheet)[0].items()}
        styles = self.styles(sheet, 2)
        written = []
        for number, row in enumerate(rows, 3):
            cells = "".join(
                self.cell(column_letters(column), number, styles, value)
                for column, value in sorted((headings[heading], value)
                                            for heading, value in row.items()
                                            if value not in (None, "")))
            written.append(f'<row r="{number}">{cells}</row>')
        part = self.sheets[sheet]
        self.parts[part] = self.parts[part].replace(
            "</sheetData>", "".join(written) + "</sheetData>")

    @staticmethod
    def cell(letters, row, styles, value):
        place = f'r="{letters}{row}" s="{styles[letters]}"'
        if isinstance(value, datetime.date):
            value = (value - EPOCH).days
        if isinstance(value, (int, float)):
            return f"<c {place}><v>{value}</v></c>"
        return f'<c {place} t="inlineStr"><is><t>{escape(value)}</t></is></c>'

    def save(self, path):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in self.parts.items():
                archive.writestr(name, text)
