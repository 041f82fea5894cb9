"""The classes of phonebook.rep, made by `pyside-ro repc`: change that file, not this one."""

from pyside_ro import RepFile

__all__ = [
    "Entry",
    "Kind",
    "PhoneBook",
    "PhoneBookSource",
]

_rep = RepFile(
    """\
// What the phone book offers. From this file come phonebook_rep.py and phonebook_rep.pyi:
//   pyside-ro repc phonebook.rep -o phonebook_rep.py --stubs

ENUM Kind { Mobile, Home, Work }
POD Entry(QString name, QString number, Kind kind)

class PhoneBook
{
    ENUM Order { ByName, ByKind, ByNumber }

    PROP(QList<Entry> entries READONLY)       // changed by the slots alone
    PROP(Order order = ByName)                // anybody may push another one
    PROP(QString owner = "nobody" CONSTANT)

    SIGNAL(called(const Entry &entry))

    SLOT(int add(const Entry &entry))         // gives how many there are; refuses a name twice
    SLOT(void remove(const QString &name))
    SLOT(Entry call(const QString &name))
};
""",
    "phonebook.rep",
)

Kind = _rep.enum["Kind"]
Entry = _rep.pod["Entry"]
PhoneBookSource = _rep.source["PhoneBook"]
PhoneBook = _rep.replica["PhoneBook"]
