//! What a person sees when something does not work.

use tests::both;

both!(a_missing_page_says_what_to_do_in_the_visitors_language, |site| {
    let chinese = site.visitor().get("/nowhere").await.expect(404).text();
    assert!(chinese.contains("这里没有这个页面"), "{chinese}");
    let english = site.visitor().with_header("accept-language", "en").get("/nowhere").await.expect(404).text();
    assert!(english.contains("There is no such page"), "{english}");
});

both!(a_program_gets_json_with_the_id_to_ask_about, |site| {
    let reply = site.visitor().get("/api/v1/nowhere").await.expect(404);
    let error = &reply.value()["error"];
    assert_eq!(error["code"], "not-found");
    let id = reply.headers["x-request-id"].to_str().expect("an id is ASCII");
    assert_eq!(error["request_id"], id);
});
