//! Calendar feeds: who may read them, what a swap does to them, and lines that any program can read.

use super::*;

/// Makes a feed; its address.
fn feed(host: &TestHost, whole: bool) -> String {
    host.post("/times/calendar", &[("whole", if whole { "true" } else { "false" })]).expect(303);
    let feeds = host.get("/times").values()["feeds"].clone();
    let address = feeds[usize::from(whole)]["address"].as_str().unwrap().to_owned();
    assert!(address.starts_with("https://course.example.edu/classes/"), "{address}");
    address[address.find("/calendar/").unwrap()..].to_owned()
}

fn read(host: &TestHost, address: &str) -> String {
    let answer = host.as_visitor().get(address);
    String::from_utf8(answer.expect(200).bytes().to_vec()).unwrap()
}

/// Lines without folding.
fn lines(text: &str) -> Vec<String> {
    text.replace("\r\n ", "").split("\r\n").map(str::to_owned).collect()
}

/// Values of a property, in the order of events.
fn values(text: &str, name: &str) -> Vec<String> {
    let start = format!("{name}:");
    lines(text).iter().filter_map(|line| line.strip_prefix(&start).map(str::to_owned)).collect()
}

/// The whole of what RFC 5545 asks of lines.
fn check_lines(text: &str) {
    assert!(text.ends_with("END:VCALENDAR\r\n"));
    assert!(!text.replace("\r\n", "").contains(['\r', '\n']), "every line ends with CRLF");
    for line in text.split("\r\n") {
        assert!(line.len() <= 75, "{} octets: {line}", line.len());
        assert!(!line.contains('\u{fffd}'));
    }
}

#[test]
fn a_feed_shows_ones_own_shifts_and_another_the_classs() {
    let host = host();
    set(&host, TOMORROW, &student(&host, 1), &student(&host, 2));
    let own = read(&host, &feed(&host.as_student(1), false));
    check_lines(&own);
    assert_eq!(values(&own, "SUMMARY"), ["值班：主值"]);
    assert_eq!(values(&own, "DTSTART"), ["20261013T100000Z"], "18:00 in Shanghai");
    assert_eq!(values(&own, "DTEND"), ["20261013T140000Z"]);
    assert_eq!(values(&own, "X-WR-CALNAME"), ["我的值班 · 营销 2401 班"]);
    assert_eq!(values(&own, "REFRESH-INTERVAL;VALUE=DURATION"), ["PT1H"]);
    assert!(values(&own, "UID")[0].ends_with("@course.example.edu"));
    let whole = read(&host, &feed(&host.as_teacher(), true));
    check_lines(&whole);
    assert_eq!(values(&whole, "SUMMARY"), ["值班：主值 · 学生 01", "值班：副值 · 学生 02"]);
    assert_eq!(
        read(&host.in_language("en"), &feed(&host.as_student(1), false)).matches("SUMMARY:Duty: Chief").count(),
        1
    );
}

#[test]
fn a_swap_keeps_the_uid_raises_the_sequence_and_cancels_where_it_was() {
    let host = host();
    set(&host, TOMORROW, &student(&host, 1), "");
    let [one, two, whole] =
        [(1, false), (2, false), (3, true)].map(|(number, whole)| feed(&host.as_student(number), whole));
    let (before, class_before) = (read(&host, &one), read(&host, &whole));
    let path = format!("/shifts/{}/offer", shift(&host, TOMORROW, "chief"));
    host.as_student(1).post(&path, &[]).expect(303);
    let swap = host.get("/swaps").values()["waiting"][0]["id"].as_str().unwrap().to_owned();
    host.advance(HOUR);
    host.as_student(2).post(&format!("/swaps/{swap}/accept"), &[]).expect(303);

    let (old, new, class) = (read(&host, &one), read(&host, &two), read(&host, &whole));
    for text in [&old, &new, &class] {
        assert_eq!(values(text, "UID"), values(&before, "UID"));
        assert_eq!(values(text, "SEQUENCE"), ["1"]);
    }
    assert_eq!(values(&before, "SEQUENCE"), ["0"]);
    assert_eq!(values(&old, "STATUS"), ["CANCELLED"]);
    assert_eq!(
        (values(&new, "STATUS"), values(&class, "STATUS")),
        (vec!["CONFIRMED".into()], vec!["CONFIRMED".into()])
    );
    assert_ne!(values(&class, "SUMMARY"), values(&class_before, "SUMMARY"));
    assert_ne!(values(&old, "DTSTAMP"), values(&before, "DTSTAMP"));

    // Back again, and then to nobody.
    set(&host, TOMORROW, &student(&host, 1), "");
    let again = read(&host, &one);
    assert_eq!((values(&again, "STATUS"), values(&again, "SEQUENCE")), (vec!["CONFIRMED".into()], vec!["2".into()]));
    set(&host, TOMORROW, "", "");
    for address in [&one, &whole] {
        let gone = read(&host, address);
        assert_eq!((values(&gone, "STATUS"), values(&gone, "SEQUENCE")), (vec!["CANCELLED".into()], vec!["3".into()]));
    }
}

#[test]
fn a_link_is_secret_and_can_be_taken_back() {
    let host = host();
    let one = host.as_student(1);
    let address = feed(&one, false);
    read(&host, &address);
    host.in_other_class().as_visitor().get(&address).expect(404);
    for wrong in ["/calendar/x.ics", "/calendar/.ics", address.strip_suffix(".ics").unwrap()] {
        host.as_visitor().get(wrong).expect(404);
    }
    let other = feed(&one, false);
    assert_ne!(address, other);
    assert!(address.len() > "/calendar/.ics".len() + 30, "nobody guesses it");
    host.as_visitor().get(&address).expect(404);
    one.post("/times/calendar", &[("whole", "false"), ("revoke", "true")]).expect(303);
    host.as_visitor().get(&other).expect(404);
    assert!(host.get("/times").values()["feeds"][0]["address"].is_null());
}

#[test]
fn other_hours_raise_the_sequence_of_every_event() {
    let host = host();
    set(&host, TOMORROW, &student(&host, 1), "");
    let feed = feed(&host.as_student(1), false);
    let before = read(&host, &feed);
    host.advance(HOUR);
    host.set("duty_from", "19:00");
    let after = read(&host, &feed);
    assert_eq!((values(&before, "SEQUENCE"), values(&after, "SEQUENCE")), (vec!["0".to_owned()], vec!["1".to_owned()]));
    assert_eq!(values(&after, "DTSTART"), ["20261013T110000Z"]);
    assert!(values(&after, "LAST-MODIFIED") > values(&before, "LAST-MODIFIED"));
    // Anything else that is set changes nothing.
    host.set("gap_days", 4);
    assert_eq!(read(&host, &feed), after);
}
