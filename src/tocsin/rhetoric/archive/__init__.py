"""The archive: one SQLite file of statements that can be searched in any script.

    from tocsin.rhetoric.archive import Filter, open_archive

    with open_archive("archive.db", writing=True) as archive:
        archive.add_files(["statements.csv", "pages/"])
        archive.search('"record budget"', Filter(outlet="kcna")).frame()

Several programs may read the file while one writes.
"""

from tocsin.rhetoric.archive.filters import Filter
from tocsin.rhetoric.archive.importing import ImportSummary
from tocsin.rhetoric.archive.reading import Defaults, Remark
from tocsin.rhetoric.archive.results import SearchResult
from tocsin.rhetoric.archive.statement import Statement
from tocsin.rhetoric.archive.store import Archive, open_archive
from tocsin.rhetoric.archive.writing import Added

__all__ = [
    "Added",
    "Archive",
    "Defaults",
    "Filter",
    "ImportSummary",
    "Remark",
    "SearchResult",
    "Statement",
    "open_archive",
]
