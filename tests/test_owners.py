from pipeline import owners


def test_owner_files_name_who_has_the_workbook_open():
    name = "Ковальчук Н.С."
    plain = name.encode("cp1251")
    excel = bytes([len(plain)]) + plain.ljust(54) + bytes([len(name), 0]) + name.encode("utf-16-le").ljust(108, b" ")
    assert owners.holder(excel[:165]) == name
    assert owners.holder("Ковальчук Н.С.,user,host,22.11.2026 20:31,file:///x;".encode()) == name
    assert owners.holder(b",user,host,22.11.2026 20:31,file:///x;") == "user"
    assert owners.holder(b"") == ""
    assert set(owners.names("Реестр.xlsx")) == {"~$Реестр.xlsx", "~$естр.xlsx", ".~lock.Реестр.xlsx#"}
