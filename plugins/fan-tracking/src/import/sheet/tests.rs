use super::*;

fn table(rows: &[&[&str]]) -> Vec<Rows> {
    vec![rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect()]
}

fn today() -> NaiveDate {
    "2026-10-12".parse().unwrap()
}

#[test]
fn columns_are_found_by_their_names_in_any_order_below_a_title() {
    let found = days(
        &table(&[
            &["用户增长"],
            &["累计关注人数", "时间", "取消关注人数", "新关注人数 (人)"],
            &["1,008", "2026/10/2", "2", "10"],
            &["1000.0", "2026年10月1日", "０", "7"],
            &["", "合计", "2", "17"],
        ]),
        today(),
    )
    .unwrap();
    let line = |day: &str, gained, lost, total| Line { day: day.parse().unwrap(), gained, lost, net: None, total };
    assert_eq!(found, [line("2026-10-01", 7, 0, Some(1_000)), line("2026-10-02", 10, 2, Some(1_008))]);
}

#[test]
fn days_are_read_as_files_write_them() {
    let day = date("2026-10-01");
    assert!(day.is_some());
    for text in ["2026/10/1", "20261001", "2026年10月1日", "2026.10.01", "2026-10-01 00:00:00", "46296"] {
        assert_eq!(date(text), day, "{text}");
    }
    for text in ["", "10/1", "2026-13-01", "1.10.2026", "123", "2026", "昨天"] {
        assert_eq!(date(text), None, "{text}");
    }
}

#[test]
fn what_cannot_be_read_is_refused_with_its_place() {
    const HEAD: &[&str] = &["时间", "新关注人数", "取消关注人数", "净增关注人数", "累积关注人数"];
    let refused =
        |line: &[&str]| days(&table(&[HEAD, &["2026-10-01", "1", "0", "1", "1"], line]), today()).unwrap_err();
    assert_eq!(refused(&["2026-10-02", "many", "0", "1", "1"]), Refusal::at("import-number", 3, "many"));
    assert_eq!(refused(&["2026-10-02", "-1", "0", "1", "1"]), Refusal::at("import-number", 3, "-1"));
    assert_eq!(refused(&["2026-10-02", "1.5", "0", "1", "1"]), Refusal::at("import-number", 3, "1.5"));
    assert_eq!(refused(&["2026-10-02", "1", "0", "x", "1"]), Refusal::at("import-number", 3, "x"));
    assert_eq!(refused(&["2026-10-02"]), Refusal::at("import-number", 3, ""));
    assert_eq!(refused(&["yesterday", "1", "0", "1", "1"]), Refusal::at("import-date", 3, "yesterday"));
    assert_eq!(refused(&["2026-10-13", "1", "0", "1", "1"]), Refusal::at("import-future", 3, "2026-10-13"));
    assert_eq!(refused(&["2026-10-01", "2", "0", "1", "1"]), Refusal::at("import-twice", 3, "2026-10-01"));
    assert_eq!(days(&table(&[HEAD]), today()).unwrap_err().key, "import-no-days");
    assert_eq!(days(&table(&[&["a", "b"]]), today()).unwrap_err().key, "import-head");
}
