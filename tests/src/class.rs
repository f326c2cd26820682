//! Classes: who gets in, who may do what, and that another class does not exist.

use server::secret;
use server::store::person::Role;
use tests::{Classroom, Client, Site, both};

const PASSWORD: &str = "粉笔灰落在讲台上";

fn base(room: &Classroom) -> String {
    format!("/classes/{}", room.class.id)
}

async fn teacher(site: &Site, room: &Classroom) -> Client {
    site.signed_in(&room.teacher).await
}

both!(a_teacher_founds_changes_and_archives_a_class, |site| {
    let (_, client) = site.teacher("teacher").await;
    let wrong =
        [("name", " "), ("term", "2026 秋"), ("course", "no-such"), ("join_rule", "roster"), ("time_zone", "Mars")];
    let page = client.post("/classes", &wrong).await.expect(422).text();
    assert!(page.contains("没有这门课程") && page.contains("不认识这个时区") && page.contains("2026 秋"), "{page}");
    let right = [
        ("name", "营销 2401 班"),
        ("term", "2026 秋"),
        ("course", "network-marketing"),
        ("join_rule", "open"),
        ("time_zone", "Asia/Shanghai"),
    ];
    let roster = client.post("/classes", &right).await.expect(303).location();
    let class = roster.trim_end_matches("/roster").to_owned();
    for path in [&roster, &class, &format!("{class}/settings"), &format!("{class}/join.svg"), &"/classes".to_owned()] {
        client.get(path).await.expect(200);
    }
    client.post(&format!("{class}/archive"), &[]).await.expect(303);
    client.post(&format!("{class}/settings"), &right).await.expect(409);
    client.post(&format!("{class}/roster/students"), &[("number", "1"), ("name", "学生")]).await.expect(409);
    client.get(&class).await.expect(200);
    client.post(&format!("{class}/restore"), &[]).await.expect(303);
    client.post(&format!("{class}/settings"), &right).await.expect(303);

    let student = site.person(Role::Student, "20269999", "学生 99").await;
    let student = site.signed_in(&student).await;
    student.get("/classes/new").await.expect(403);
    student.post("/classes", &right).await.expect(403);
});

both!(another_class_does_not_exist, |site| {
    let (one, two) = (site.classroom(2).await, site.classroom(2).await);
    let pages = ["", "/roster", "/settings", "/join.svg"];
    let forms = [
        "/settings",
        "/code",
        "/archive",
        "/restore",
        "/teachers",
        "/posts",
        "/posts/take",
        "/roster/students",
        "/roster/slips",
    ];
    let of_student = ["rename", "leave", "return", "transfer"];
    let victim = one.students[0].id.to_string();
    let fields = [
        ("person", victim.as_str()),
        ("post", "operator"),
        ("name", "x"),
        ("login", "x"),
        ("number", "7"),
        ("term", "t"),
        ("course", "network-marketing"),
        ("join_rule", "open"),
        ("time_zone", "UTC"),
        ("to", "x"),
    ];
    let strangers = [
        (teacher(&site, &two).await, 404),
        (site.signed_in(&two.students[0]).await, 404),
        (site.signed_in(&one.students[1]).await, 403),
    ];
    for (client, status) in &strangers {
        for page in pages {
            let expected = if page.is_empty() && *status == 403 { 200 } else { *status };
            client.get(&format!("{}{page}", base(&one))).await.expect(expected);
        }
        for form in forms {
            client.post(&format!("{}{form}", base(&one)), &fields).await.expect(*status);
        }
        for action in of_student {
            client.post(&format!("{}/roster/{victim}/{action}", base(&one)), &fields).await.expect(*status);
        }
        client.post(&format!("{}/teachers/{}/remove", base(&one), one.teacher.id), &[]).await.expect(*status);
    }
    // A teacher reaches nobody of another class through their own.
    let own = teacher(&site, &two).await;
    for action in ["leave", "return", "rename"] {
        own.post(&format!("{}/roster/{victim}/{action}", base(&two)), &fields).await.expect(404);
    }
    own.post(&format!("{}/posts", base(&two)), &fields).await.expect(404);
    let slips = own.post(&format!("{}/roster/slips", base(&two)), &[("only", "named"), ("person", &victim)]).await;
    assert_eq!(slips.status, 303, "no slip for a student of another class");
    let to = one.class.id.to_string();
    let mine = two.students[0].id;
    own.post(&format!("{}/roster/{mine}/transfer", base(&two)), &[("to", &to)]).await.expect(404);
    // Nothing of all that was done.
    let page = teacher(&site, &one).await.get(&format!("{}/roster", base(&one))).await.expect(200).text();
    assert!(page.contains("学生 01") && page.contains("学生 02") && !page.contains("已离班 <"), "{page}");
});

both!(classmates_see_names_but_no_numbers, |site| {
    let room = site.classroom(3).await;
    let page = site.signed_in(&room.students[0]).await.get(&base(&room)).await.expect(200).text();
    assert!(page.contains(&room.students[1].name));
    assert!(!page.contains(&room.students[1].login), "a classmate's number is on the page");
    assert!(!page.contains(&room.class.join_code), "the class code is for the teacher to give");
});

both!(posts_are_given_taken_and_end_with_leaving, |site| {
    let room = site.classroom(2).await;
    let client = teacher(&site, &room).await;
    let student = room.students[0].id;
    let person = student.to_string();
    for post in [
        [("person", person.as_str()), ("post", "operator"), ("name", "")],
        [("person", &person), ("post", "free"), ("name", "学习委员")],
    ] {
        client.post(&format!("{}/posts", base(&room)), &post).await.expect(303);
    }
    let own = site.signed_in(&room.students[0]).await;
    let page = own.get(&base(&room)).await.expect(200).text();
    assert!(page.contains("运营") && page.contains("学习委员"), "{page}");
    client.post(&format!("{}/posts/take", base(&room)), &[("person", &person), ("post", "学习委员")]).await.expect(303);
    assert!(!own.get(&base(&room)).await.text().contains("学习委员"));

    client.post(&format!("{}/roster/{student}/leave", base(&room)), &[]).await.expect(303);
    own.get(&base(&room)).await.expect(404);
    own.get("/account").await.expect(200);
    client.post(&format!("{}/roster/{student}/return", base(&room)), &[]).await.expect(303);
    let page = own.get(&base(&room)).await.expect(200).text();
    assert!(!page.contains("运营"), "a post does not come back by itself");
});

both!(a_class_has_several_teachers_but_never_none, |site| {
    let room = site.classroom(1).await;
    let (colleague, other) = site.teacher("colleague").await;
    let client = teacher(&site, &room).await;
    client.post(&format!("{}/teachers/{}/remove", base(&room), room.teacher.id), &[]).await.expect(409);
    other.get(&base(&room)).await.expect(404);
    client.post(&format!("{}/teachers", base(&room)), &[("login", "Colleague")]).await.expect(303);
    other.get(&format!("{}/roster", base(&room))).await.expect(200);
    // A student's login is no teacher.
    client.post(&format!("{}/teachers", base(&room)), &[("login", &room.students[0].login)]).await.expect(303);
    site.signed_in(&room.students[0]).await.get(&format!("{}/roster", base(&room))).await.expect(403);
    client.post(&format!("{}/teachers/{}/remove", base(&room), colleague.id), &[]).await.expect(303);
    other.get(&base(&room)).await.expect(404);
});

both!(a_student_joins_by_code_number_and_name, |site| {
    let room = site.classroom(3).await;
    let code = room.class.join_code.to_lowercase();
    let [first, second, third] = &room.students[..] else { panic!("three students") };
    let visitor = site.visitor();
    let page = visitor.get(&format!("/join?code={code}")).await.expect(200).text();
    assert!(page.contains(&room.class.name), "{page}");
    visitor.get("/join?code=NOSUCH").await.expect(200);

    let join = |number: &str, name: &str, password: &str| {
        let fields = [
            ("code", code.clone()),
            ("number", number.to_owned()),
            ("name", name.to_owned()),
            ("password", password.to_owned()),
        ];
        let client = site.visitor();
        async move {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            (client.post("/join", &fields).await, client)
        }
    };
    // Wrong name, another's name, unknown number: one and the same answer.
    let mut refusals = Vec::new();
    for (number, name) in [(first.login.as_str(), "别的名字"), (&first.login, &second.name), ("99999999", "学生 01")]
    {
        let text = join(number, name, PASSWORD).await.0.expect(422).text();
        assert!(text.contains("和名册对不上"), "{text}");
        refusals.push(text.replace(number, "NUMBER").replace(name, "NAME"));
    }
    assert!(refusals.windows(2).all(|pair| pair[0] == pair[1]));
    join(&first.login, &first.name, "12345678").await.0.expect(422);
    // Full-width digits and spaces in the name are the same number and name.
    let wide: String =
        first.login.chars().map(|digit| char::from_u32(digit as u32 + 0xFEE0).expect("a digit")).collect();
    let (reply, client) = join(&wide, &first.name.replace(' ', ""), PASSWORD).await;
    assert_eq!(reply.expect(303).location(), base(&room));
    client.get(&base(&room)).await.expect(200);
    // Activated once: the code gives nobody a second password, and the answer is the same.
    let text = join(&first.login, &first.name, "另一个长长的密码").await.0.expect(422).text();
    assert!(text.contains("和名册对不上"), "{text}");
    let entered = site.visitor().post("/sign-in", &[("login", &first.login), ("password", PASSWORD)]).await;
    entered.expect(303);

    // Who left, and who is there when the class is closed, cannot join.
    let staff = teacher(&site, &room).await;
    staff.post(&format!("{}/roster/{}/leave", base(&room), second.id), &[]).await.expect(303);
    join(&second.login, &second.name, PASSWORD).await.0.expect(422);
    settings(&staff, &room, "closed").await;
    join(&third.login, &third.name, PASSWORD).await.0.expect(422);
    // An open class takes whom it does not know, and marks them for the teacher.
    settings(&staff, &room, "open").await;
    join("20267777", "学生 77", PASSWORD).await.0.expect(303);
    let roster = staff.get(&format!("{}/roster", base(&room))).await.expect(200).text();
    assert!(roster.contains("学生 77") && roster.contains("用码加入"), "{roster}");
    // A teacher's login is never claimed.
    join(&room.teacher.login, &room.teacher.name, PASSWORD).await.0.expect(422);
});

async fn settings(client: &Client, room: &Classroom, rule: &str) {
    let form = [
        ("name", room.class.name.as_str()),
        ("term", "2026 秋"),
        ("course", "network-marketing"),
        ("join_rule", rule),
        ("time_zone", "Asia/Shanghai"),
    ];
    client.post(&format!("{}/settings", base(room)), &form).await.expect(303);
}

both!(names_are_not_guessed_through_the_class_code, |site| {
    let room = site.classroom(1).await;
    let (mut evaluated, client) = (0, site.visitor());
    for guess in 0..40 {
        let name = format!("猜测 {guess}");
        let fields = [
            ("code", room.class.join_code.as_str()),
            ("number", &room.students[0].login),
            ("name", &name),
            ("password", PASSWORD),
        ];
        match client.post("/join", &fields).await.status.as_u16() {
            422 => evaluated += 1,
            429 => {}
            other => panic!("{other}"),
        }
    }
    assert!((1..=10).contains(&evaluated), "{evaluated} guesses were evaluated");
});

both!(one_person_is_in_several_classes, |site| {
    let (one, two) = (site.classroom(1).await, site.classroom(1).await);
    let client = site.signed_in(&one.students[0]).await;
    let join = [("code", two.class.join_code.as_str())];
    client.post("/join", &join).await.expect(422);
    settings(&teacher(&site, &two).await, &two, "open").await;
    client.post("/join", &join).await.expect(303);
    for room in [&one, &two] {
        client.get(&base(room)).await.expect(200);
    }
    let page = client.get("/classes").await.expect(200).text();
    assert!(page.contains(&one.class.name) && page.contains(&two.class.name));
});

both!(slips_let_each_student_in_once, |site| {
    let room = site.classroom(3).await;
    let client = teacher(&site, &room).await;
    let slips = format!("{}/roster/slips", base(&room));
    let page = client.post(&slips, &[]).await.expect(200).text();
    let codes: Vec<String> =
        page.split("<code>").skip(1).map(|part| part.split('<').next().expect("a code").to_owned()).collect();
    assert_eq!(codes.len(), 3);
    assert_eq!(page.matches("<svg class=\"qr-image\"").count(), 3);
    for code in &codes {
        assert_eq!(code.replace('-', "").len(), 16, "{code}");
        assert!(code.bytes().all(|byte| byte == b'-' || secret::ALPHABET.contains(&byte)), "{code}");
    }
    let student = site.visitor();
    let address = student.get(&format!("/activate?code={}", codes[0].to_lowercase())).await.expect(303).location();
    assert!(student.get(&address).await.expect(200).text().contains("学生 01"));
    student.post(&address, &[("password", &room.students[0].login)]).await.expect(422);
    student.post(&address, &[("password", PASSWORD)]).await.expect(303);
    student.get(&base(&room)).await.expect(200);
    site.visitor().post(&address, &[("password", "另一个长长的密码")]).await.expect(404);

    // New slips are for those without a password, and retire the old ones.
    let page = client.post(&slips, &[]).await.expect(200).text();
    assert_eq!(page.matches("<svg class=\"qr-image\"").count(), 2);
    site.visitor().get(&format!("/activate/{}", codes[1])).await.expect(404);
    // A slip for a new password, by name; the old password works until it is used.
    let named = room.students[0].id.to_string();
    let page = client.post(&slips, &[("only", "named"), ("person", &named)]).await.expect(200).text();
    let code = page.split("<code>").nth(1).and_then(|part| part.split('<').next()).expect("a code");
    student.get("/account").await.expect(200);
    site.set_time("2026-10-26 07:59:59");
    site.visitor().get(&format!("/activate/{code}")).await.expect(200);
    site.visitor().post(&format!("/activate/{code}"), &[("password", "换一个新的密码吧")]).await.expect(303);
    student.get("/account").await.expect(303);
    site.set_time("2026-10-26 08:00:00");
    let page = teacher(&site, &room).await.post(&slips, &[]).await.expect(200).text();
    let code = page.split("<code>").nth(1).and_then(|part| part.split('<').next()).expect("a code");
    site.set_time("2026-11-09 08:00:00");
    site.visitor().get(&format!("/activate/{code}")).await.expect(404);
});
