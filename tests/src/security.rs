//! What holds for every reply.

use tests::both;

both!(every_reply_carries_the_protective_headers, |site| {
    for path in ["/", "/nowhere", "/api/v1/nowhere"] {
        let headers = site.visitor().get(path).await.headers;
        let policy = headers["content-security-policy"].to_str().expect("ASCII");
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert!(headers.contains_key("x-request-id"), "{path}");
    }
});

both!(a_write_from_another_site_is_refused, |site| {
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://elsewhere.example")] {
        let client = site.visitor().with_header(name, value);
        client.post("/sign-in", &[("login", "a"), ("password", "b")]).await.expect(403);
    }
});
