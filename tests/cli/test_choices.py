import json
import zipfile
from pathlib import Path

from components import cli

BOOK = Path(__file__).parents[1] / "data" / "intake_formats" / "two_sheets.xlsx"


def test_a_sheet_is_told_and_can_be_chosen(tmp_path, capsys):
    out = tmp_path / "out.csv"
    assert cli.main(["load", str(BOOK), "--out", str(out)]) == 0
    assert "Sheet: data" in capsys.readouterr().out.splitlines()
    assert cli.main(["load", str(BOOK), "--sheet", "ʤ", "--out", str(out), "--json"]) == 0
    source = json.loads(capsys.readouterr().out)["source"]
    assert (source["sheet"], source["choices"]) == ("ʤ", ["not this one", "data", "ʤ"])


def test_one_of_several_members_must_be_named(tmp_path, capsys):
    archive, out = tmp_path / "t.zip", tmp_path / "out.csv"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("one.csv", "a,b\n1,2\n")
        made.writestr("two.csv", "a,b\n3,4\n")
    assert cli.main(["load", str(archive), "--out", str(out)]) == cli.UNUSABLE
    assert "2 files: “one.csv”, “two.csv”. Choose one" in capsys.readouterr().err
    assert cli.main(["load", str(archive), "--member", "two.csv", "--out", str(out)]) == 0
    assert out.read_text(encoding="utf-8").splitlines() == ["a,b", "3,4"]
