//! Callbacks as the platform sends them, for a token, key and account that exist only here. Several independent
//! implementations agree on them.

pub const URL_SIGNATURE: &str = "b1adf6c288e9283376a6396f143f46ed33593cad";

/// An encrypted callback: name, signature, encrypted text, and what it says.
pub struct Vector {
    pub name: &'static str,
    pub signature: &'static str,
    pub encrypted: &'static str,
    pub plain: &'static str,
}

/// Those that must be read. Their padding is 17, 32, 1, 16, 17 and 27 bytes.
pub const GOOD: [Vector; 6] = [
    Vector {
        name: "text_zh",
        signature: "35c7b499197dc9d2e97825c4a36f8bcb222fe86e",
        encrypted: "aZxPzmKLLYrUoI91Ior9ibhyvak5DZ9B+QRAKF3cb0yWhTOYpX2ncPUnoiFVT17S2Xvzh8099U4EllNUb3/zKPbK61TYfzll5lXBe0+C02qE5TMAo8/V5bd/J5TA7PacL5teh05HV1Uh6duRcHf8iV9aH+whCuBFVRAbwqmzy+d5nrFDn7kSy/xBvJqktEl0WqTO+L9BfYJG0WLxgjg+Xy9nUGIurydK8LzJ5O9hOaB17mQHOvuO2BH/olxZA2faW/FSxA7DnxnhuIwjmbJkvWL4UvDP2LRdlWVbihRiYCJn8LSlJIPwASPuf+/qUlhJk3zoHq7H3v4lmlCqnJNLUfuiVBHBJdk2aAkRjEBFVWactGFXwo0AGcfr/G4mWhau543TR8tz495LY76ffzB9xS3iVT2DOnOZpF8vF35DLwatJ9lYQtwSZWQszEHszo/progwy6oYHArMOXJPfXDmYw==",
        plain: r#"<xml><ToUserName><![CDATA[gh_class2026]]></ToUserName><FromUserName><![CDATA[oFan0000000000000000000000A7]]></FromUserName><CreateTime>1772323200</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[请问报名什么时候截止?😀]]></Content><MsgId>24680135790000001</MsgId></xml>"#,
    },
    Vector {
        name: "pad_32",
        signature: "e01662846949fdf0d959f4d1012d4fc1048ad1bb",
        encrypted: "aZxPzmKLLYrUoI91Ior9iUQAD9R768a45DgXGIprpE1FpXk4uebcyeXyd2XQGeiPpbRO4xwFmd+P1tt5dz1oBvvF1VlQFud9lEiURY95CerA2DR9lgyu4JRCfLb3aNLZEZYUlk2X7NqEVpQtxf8HJK++PRunHgtPFUs8a/BjbEDR+q8rYjPLcW6ZwAwYmpX6508NP1Hczp8fgafmC6eU5K+yAKwBfLlFd0eCT9iaF4DLN57BUooOBmpu0E5W5qx7H6m0BXbaNc7u+W6dh2WpZ3tAyd9L0q2UWZ4PCRwbSSbxMOjYozk+gb0/rPqtDFKlzMcTwfSakBsrAtLbn6RN/UZxT0KS6PFFEri5h2nIUmlAAYTR1zb7wHodej1abgV6CoTxhTVZG1eMC4TYwuNaKHa+OKKKF6x1jXJLMekvwIXgi7wBOLlS5XDVD9sRcHCXPAX/ZFr52nU7Mdl+KZn0bQ==",
        plain: r#"<xml><ToUserName><![CDATA[gh_class2026]]></ToUserName><FromUserName><![CDATA[oFan0000000000000000000000A7]]></FromUserName><CreateTime>1772323200</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[aaaaaaaaaaaaaaaaaaaa]]></Content><MsgId>24680135790000001</MsgId></xml>"#,
    },
    Vector {
        name: "pad_1",
        signature: "0250fc184b950871097788c190bdf3303a78c2f5",
        encrypted: "aZxPzmKLLYrUoI91Ior9iV4mB1CUomGWI6Wd1kKrUaW4QfAmh/IpoLYPnWGLsecjTfh7VAnrxNcwdXxxbEYblI5QKmKYFj8sPShuPmsVl+KuNf+SkokmlejC76JxDktU3taiPlp2R90qoyAXkdXTM2p8Fe4brpdCkiCgP1DKzNVKzJplRMSwSJzwzmQl7Kgr+hrfvEa24RSquMVk+z87BXx0vpDY0G14Br4xJsyJej9EsqloL9DiLYytfAFbMqmEen93rZHxhaOEAPMGbCtCrXtVSLCtYP05z9HQYk7TvOg0h7e1KHb8Q3EE1ems46Kvar0D7Zybaj33tU9TGMXwH/so1DL+bv+5R0Vfy9LcWKy6YHiNUvlPI1mjGyfnmsXXxy9DK5O3WOYd2mw5E8G+j/SGsOqgWBe1ZQiB53pLS04=",
        plain: r#"<xml><ToUserName><![CDATA[gh_class2026]]></ToUserName><FromUserName><![CDATA[oFan0000000000000000000000A7]]></FromUserName><CreateTime>1772323200</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[aaaaaaaaaaaaaaaaaaa]]></Content><MsgId>24680135790000001</MsgId></xml>"#,
    },
    Vector {
        name: "pad_16",
        signature: "a2cbcc24aef3153dd719c9ac56a54281545bfb09",
        encrypted: "aZxPzmKLLYrUoI91Ior9iSK5lqEjq/SM0CIRPaGGR7lfNqSYnmCvkmBD3sHQ+R7XOeDxQlWUnatF0uDvKez2SLh6FV7Ql1oUcRR/w/x9LzMXYSEhkdAe49iatswFqSrclhhxgT4kLu58wd2WDm9WKMqr0XT1TBaVP+qhmoIuQifClBEg6kDGP2iRhOaPiiExHwuzHuD0SRbIzvN717f1lrvV1SmShJiM6A/hsYpHHwIP5KteHCpGLuLkvJNTU+9foPqMxs61hgbrYQRVtYT19jplKbxAax812quYEq8jOhI+hp9Nkq86IAEp0pch9/rovjviA9zFjNRqeliAM++mJ/9Gz02tleDfXoBBRbiV+euOcKgGaIBEaAVLkt4/8sr74r6yjHDO1VVbDaeqcL9A3AkxUMOfhBZa5zpBBRGDUG8=",
        plain: r#"<xml><ToUserName><![CDATA[gh_class2026]]></ToUserName><FromUserName><![CDATA[oFan0000000000000000000000A7]]></FromUserName><CreateTime>1772323200</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[aaaa]]></Content><MsgId>24680135790000001</MsgId></xml>"#,
    },
    Vector {
        name: "pad_17",
        signature: "a28db00554ac348b92f795e8dec506668eb7bdb5",
        encrypted: "aZxPzmKLLYrUoI91Ior9iSKXzBD/8AQ7AykN1ArP9kvqp8VbKs5j3KU/nILEkhCSHtJIqqvWutn86N8E8CZmNaFV/IvQLoQ3OTPK4g+cVcD7RauVolWF5tYYzyZ3rrqFXv7129brMPIZuxIbOiiU/5o823NFpdmG6e5CUT/t0nNbAhvm1H4mLMCgtFOUE41hPdpFDPuaTbQjZiGzv7T/sDa7Lo8rbTkE+Pw1Y71Dnw4CJbo9DQXfsWmZQp0aTbGByoDpMbMR/PowXzYpv6M4IOBA76bxI+ULZ7OOz32XvlB4wb9qOOLnLeXnrhjjXTJiubIDzjfzq52Vhc/GD3NKuzsG+DdW8ckYlKkyD6wpyzhFtamw4U+FKD3oeI0wWEwaesb8jP8U8pwvQFHvguuFanMIa43GPdBXvN1LKBqL7qI=",
        plain: r#"<xml><ToUserName><![CDATA[gh_class2026]]></ToUserName><FromUserName><![CDATA[oFan0000000000000000000000A7]]></FromUserName><CreateTime>1772323200</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[aaa]]></Content><MsgId>24680135790000001</MsgId></xml>"#,
    },
    Vector {
        name: "subscribe_qr",
        signature: "1fcae5660a4608aeefbb1b409afab29293c64e46",
        encrypted: "aZxPzmKLLYrUoI91Ior9idnHZbwd9ZnxvvflSaEzGXahzrbpIL9zeRpeZMGBCyp7Fu0Zaj5lnXIZfRfO6F2nAEsY2LEAWe2Ed5OJTLwTXAOEgoeS02dhbgA1dcI8HG/EEC7hwAQ6JIG4G1ZOEBZWgo0NxkB7bHFJfCg3y6V2i4ZcLf7qk40MVAd9jpqT7UHnvxHSQhMKHqiPCOAwp8XmTPbye2mP+He3LDcdI3cT4dIFQ5xTtrzbu08EPjKtzK9BbRlq2hxnrV/owkM6t0tXuQ08+EBjMvk2Kl1x8rOupmAzu44xzp+/+1d8CrGF9iF5fb9gIs5u6VvCTsVspg2nX59RoYCdbS6nrD3bM9N74NWO1EIbWtfzuSPeuJroxU7f0CJ1PIUPrjf8wsBZhgQBh9BDUq9MC1nJIw9Fga7sfApVfvfEqcOuMYyRY5EWIazRsM3i3ukK04RKAo2UKNevPQyC6Q1H5yTJrNTnir/Rf03fGNxLW44q1As9unx4Nufw",
        plain: r#"<xml><ToUserName><![CDATA[gh_class2026]]></ToUserName><FromUserName><![CDATA[oFan0000000000000000000000A7]]></FromUserName><CreateTime>1772323201</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[subscribe]]></Event><EventKey><![CDATA[qrscene_stu_A07]]></EventKey><Ticket><![CDATA[TICKET]]></Ticket></xml>"#,
    },
];

/// Those that are signed and yet must be refused.
pub const BAD: [Vector; 4] = [
    Vector {
        name: "wrong_appid",
        signature: "72f3c42ce18dd289cc14c2878576c0d3ba106552",
        encrypted: "aZxPzmKLLYrUoI91Ior9iVRNRgAqrLa7IQ+HBK9rs1NgbOliRT7FGhm7mNZ3pPU7tgFO6fOt+wuyLqVcKKPt5g==",
        plain: "",
    },
    Vector {
        name: "pad_0",
        signature: "a93e4ddfaaf87d3cb3d0ba44e63cc6841cf6ffdf",
        encrypted: "aZxPzmKLLYrUoI91Ior9iUyP0si/MqPFFmldgwS7oMcP+WPI7kVwTBo0EWXtYOkUXEoIW8hP3PzrKLDsQ4DG+w==",
        plain: "",
    },
    Vector {
        name: "pad_33",
        signature: "f89dfce028b10ea16522ed96dee65fde7f71c156",
        encrypted: "aZxPzmKLLYrUoI91Ior9iUyP0si/MqPFFmldgwS7oMe8rbgKBN0SImQC97831AhlbGL7AT8/jj9Myr85megOkA==",
        plain: "",
    },
    Vector {
        name: "msg_len_overflow",
        signature: "2d0d3875aac6faf98007b2d418a4bed5e1c85835",
        encrypted: "aZxPzmKLLYrUoI91Ior9iZBHmgf10+i+TSjC5ZkkpJYV7ZkYQZwo8VxpAw+t+R7ln1DdFIP8NnA9Uc+TjifdnA==",
        plain: "",
    },
];
