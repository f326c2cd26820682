//! Searching the courses as a reader does.

use tests::both;

both!(one_character_finds_sections_with_the_hit_marked, |site| {
    let page = site.visitor().get("/search?q=码").await.expect(200).text();
    assert!(page.contains("<mark>码</mark>"), "{page}");
    assert!(page.contains("/courses/network-marketing/chapters/wechat-platform#s3-1-2"), "{page}");
});

both!(a_query_is_shown_and_never_run, |site| {
    let page = site.visitor().get("/search?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").await.expect(200).text();
    assert!(!page.contains("<script>alert"), "{page}");
    for query in ["", "q=", "q=%20", "q=%00", "q=%25", "q=%F0%9F%99%82", "q=(((((", "other=1"] {
        site.visitor().get(&format!("/search?{query}")).await.expect(200);
    }
});

both!(every_hit_leads_to_a_place_that_exists, |site| {
    let reader = site.visitor();
    let page = reader.get("/search?q=公众号").await.expect(200).text();
    let addresses: Vec<&str> = page
        .split("<a href=\"/courses/")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|address| address.contains('#'))
        .collect();
    assert!(addresses.len() > 10, "{page}");
    for address in addresses {
        let (path, anchor) = address.split_once('#').expect("filtered");
        let chapter = reader.get(&format!("/courses/{path}")).await.expect(200).text();
        assert!(chapter.contains(&format!("id=\"{anchor}\"")), "{address} leads nowhere");
    }
});

both!(what_is_not_found_comes_with_something_to_try, |site| {
    let page = site.visitor().get("/search?q=公众号宇宙飞船").await.expect(200).text();
    assert!(page.contains("没有找到") && page.contains("/search?q=%E5%85%AC%E4%BC%97%E5%8F%B7"), "{page}");
});
