use std::io::{Cursor, Write};
use std::time::Instant;

use rust_xlsxwriter::Workbook;
use zip::write::SimpleFileOptions;

use super::*;

fn rows(file: &RosterFile) -> Vec<(&str, &str)> {
    file.rows.iter().map(|row| (row.number.as_str(), row.name.as_str())).collect()
}

fn key(result: Result<RosterFile, Message>) -> String {
    result.unwrap_err().key.into_owned()
}

/// Names of our own with the traits of real ones: rare characters, a middle dot, inner spaces, formula-like starts.
fn names() -> Vec<String> {
    [
        "学生㛃",
        "学生𬱖",
        "阿依·古丽",
        "学生 甲",
        "=学生",
        "+学生",
        "-学生",
        "@学生",
        "Student One",
        "学生“引号”",
        "学生,逗号",
    ]
    .into_iter()
    .map(str::to_owned)
    .chain((0..2_000u32).map(|n| {
        let character = |at: u32| char::from_u32(0x4E00 + (n * 37 + at * 611) % 20_900).unwrap();
        format!("{}{}·{}", character(0), character(1), character(2))
    }))
    .collect()
}

fn csv_of(names: &[String], separator: u8) -> String {
    let mut writer = csv::WriterBuilder::new().delimiter(separator).from_writer(Vec::new());
    writer.write_record(["序号", "学号", "姓名"]).unwrap();
    for (at, name) in names.iter().enumerate() {
        writer.write_record([(at + 1).to_string(), format!("2024{at:06}"), name.clone()]).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

#[test]
fn two_thousand_names_come_through_every_encoding() {
    let names = names();
    for separator in *b",;\t" {
        let text = csv_of(&names, separator);
        let utf16 = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
        let (gb18030, _, unmappable) = encoding_rs::GB18030.encode(&text);
        assert!(!unmappable);
        let files = [
            ("UTF-8", text.clone().into_bytes()),
            ("UTF-8", [b"\xEF\xBB\xBF".as_slice(), text.as_bytes()].concat()),
            ("GB18030", gb18030.into_owned()),
            ("UTF-16LE", [b"\xFF\xFE".to_vec(), utf16(u16::to_le_bytes)].concat()),
            ("UTF-16BE", [b"\xFE\xFF".to_vec(), utf16(u16::to_be_bytes)].concat()),
            ("UTF-16LE", utf16(u16::to_le_bytes)),
        ];
        for (encoding, bytes) in files {
            let file = read(&bytes).unwrap_or_else(|error| panic!("{encoding}: {error:?}"));
            assert_eq!(file.encoding, encoding);
            assert_eq!((file.number_column.as_str(), file.name_column.as_str()), ("学号", "姓名"));
            assert_eq!(file.problems, []);
            assert_eq!(file.rows.len(), names.len());
            for (row, name) in file.rows.iter().zip(&names) {
                assert_eq!(&row.name, name, "{encoding}");
            }
        }
    }
}

#[test]
fn an_undecodable_byte_is_named_by_its_place() {
    let mut bytes = "学号,姓名\n2024000001,学生一\n".as_bytes().to_vec();
    let at = bytes.len();
    bytes.extend_from_slice(b"\xFF\xFF2024000002,x\n");
    let message = read(&bytes).unwrap_err();
    assert_eq!(message.key, "roster-file-undecodable");
    assert!(message.arguments.contains(&("offset".into(), at.to_string())), "{message:?}");
    assert!(message.arguments.contains(&("row".into(), "3".into())), "{message:?}");

    let (gb18030, ..) = encoding_rs::GB18030.encode("学号,姓名\n2024000001,学生一\n");
    let mut bytes = gb18030.into_owned();
    let at = bytes.len();
    bytes.extend_from_slice(b"\x81\x20\n");
    let message = read(&bytes).unwrap_err();
    assert!(message.arguments.contains(&("offset".into(), at.to_string())), "{message:?}");
    assert!(message.arguments.contains(&("encoding".into(), "GB18030".into())), "{message:?}");
}

#[test]
fn headings_are_found_below_titles_and_columns_by_place() {
    let file = read("营销一班学生名单,,\n\n备注,姓 名,学生学号\n,学生一,２０２４０１\n".as_bytes()).unwrap();
    assert_eq!(rows(&file), [("202401", "学生一")]);
    assert_eq!(file.rows[0].row, 4);
    let file = read("Name;Student number\nOne;s1\n".as_bytes()).unwrap();
    assert_eq!(rows(&file), [("s1", "One")]);
    assert_eq!(
        rows(&read("202401,学生一\n202402,学生二".as_bytes()).unwrap()),
        [("202401", "学生一"), ("202402", "学生二")]
    );
    assert_eq!(rows(&read("学生一\t202401".as_bytes()).unwrap()), [("202401", "学生一")]);
    assert_eq!(
        rows(&read("1,202401,学生一\n2,202402,学生二\n".as_bytes()).unwrap()),
        [("202401", "学生一"), ("202402", "学生二")]
    );
    assert_eq!(rows(&read("sep=;\n学号;姓名\n202401;学生一\n".as_bytes()).unwrap()), [("202401", "学生一")]);
    assert_eq!(key(read("学生一\n学生二\n".as_bytes())), "roster-file-no-columns");
    assert_eq!(key(read(b"")), "roster-file-empty");
    assert_eq!(key(read("学号,姓名\n".as_bytes())), "roster-file-empty");
}

#[test]
fn problems_name_their_rows() {
    let text = "学号,姓名\n1,甲\n,乙\n3,\n1,甲\n1,丙\n2.02401E+11,丁\n4 4,  戊 己  \nx/y,庚\n";
    let file = read(text.as_bytes()).unwrap();
    let found: Vec<(u32, &str)> = file.problems.iter().map(|problem| (problem.row, problem.code.as_str())).collect();
    assert_eq!(
        found,
        [
            (3, "roster-problem-no-number"),
            (4, "roster-problem-no-name"),
            (5, "roster-problem-repeated"),
            (6, "roster-problem-two-names"),
            (7, "roster-problem-scientific"),
            (9, "roster-problem-bad-number"),
        ]
    );
    assert!(file.is_blocked());
    assert_eq!(rows(&file), [("1", "甲"), ("44", "戊 己")]);
    assert!(!read("学号,姓名\n1,甲\n1,甲\n".as_bytes()).unwrap().is_blocked());
}

#[test]
fn an_xlsx_is_read_with_numbers_as_numbers_or_text() {
    let mut workbook = Workbook::new();
    workbook.add_worksheet().write_string(0, 0, "说明").unwrap();
    let sheet = workbook.add_worksheet();
    sheet.write_string(1, 1, "学号").unwrap().write_string(1, 3, "姓名").unwrap();
    sheet.write_number(2, 1, 2_024_010_101_017.0).unwrap().write_string(2, 3, " 阿依·古丽 ").unwrap();
    sheet.write_string(5, 1, "0024").unwrap().write_string(5, 3, "=1+1").unwrap();
    let file = read(&workbook.save_to_buffer().unwrap()).unwrap();
    assert_eq!(file.encoding, "xlsx");
    assert_eq!(rows(&file), [("2024010101017", "阿依·古丽"), ("0024", "=1+1")]);
    assert_eq!(file.rows[1].row, 6);
}

#[test]
fn a_sparse_sheet_is_refused_before_it_takes_memory() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write_string(0, 0, "学号").unwrap().write_string(1_048_575, 16_383, "x").unwrap();
    let bytes = workbook.save_to_buffer().unwrap();
    let before = Instant::now();
    assert_eq!(key(read(&bytes)), "roster-file-too-many");
    assert!(before.elapsed().as_secs() < 1);
}

fn zip_of(entries: &[(&str, usize)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    let zeros = vec![b' '; 1024 * 1024];
    for (name, mebibytes) in entries {
        zip.start_file(*name, options).unwrap();
        for _ in 0..*mebibytes {
            zip.write_all(&zeros).unwrap();
        }
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn zip_bombs_are_refused_quickly() {
    let bomb = zip_of(&[("xl/worksheets/sheet1.xml", 300)]);
    assert!(bomb.len() < 1024 * 1024);
    let before = Instant::now();
    assert_eq!(key(read(&bomb)), "roster-file-bomb");
    assert!(before.elapsed().as_secs() < 1);

    let names: Vec<String> = (0..2_001).map(|at| format!("part{at}")).collect();
    let many: Vec<(&str, usize)> = names.iter().map(|name| (name.as_str(), 0)).collect();
    assert_eq!(key(read(&zip_of(&many))), "roster-file-bomb");
    assert_eq!(key(read(&zip_of(&[("readme.txt", 0)]))), "roster-file-broken");
    assert_eq!(key(read(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")), "roster-file-xls");
}
