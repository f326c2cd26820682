"""Plays the WeChat platform with the package wechatpy: signs and encrypts callbacks, reads the replies, and says what is
wrong with them. The callback must take plain, compatible and encrypted messages.

    platform.py URL TOKEN ENCODING_AES_KEY APP_ID WELCOME FALLBACK
"""

import sys
import time
from concurrent.futures import ThreadPoolExecutor

import requests
import xmltodict
from wechatpy.crypto import WeChatCrypto
from wechatpy.replies import deserialize_reply
from wechatpy.utils import WeChatSigner

URL, TOKEN, AES_KEY, APP_ID, WELCOME, FALLBACK = sys.argv[1:7]
ACCOUNT = "gh_peer2026"
MODES = ("plain", "compatible", "safe")
crypto = WeChatCrypto(TOKEN, AES_KEY, APP_ID)
checks = 0


def check(found, expected, what):
    global checks
    checks += 1
    if found != expected:
        sys.exit(f"{what}: {found!r} instead of {expected!r}")


def signature(*parts):
    signer = WeChatSigner()
    signer.add_data(TOKEN, *parts)
    return signer.signature


def query(nonce):
    timestamp = str(int(time.time()))
    return {"signature": signature(timestamp, nonce), "timestamp": timestamp, "nonce": nonce}


def message(openid, at, rest):
    return (
        f"<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName><FromUserName><![CDATA[{openid}]]></FromUserName>"
        f"<CreateTime>{at}</CreateTime>{rest}</xml>"
    )


def text(openid, at, number, content):
    kind = "<MsgType><![CDATA[text]]></MsgType>"
    return message(openid, at, f"{kind}<Content><![CDATA[{content}]]></Content><MsgId>{number}</MsgId>")


def event(openid, at, name, key=""):
    kind = "<MsgType><![CDATA[event]]></MsgType>"
    return message(openid, at, f"{kind}<Event><![CDATA[{name}]]></Event><EventKey><![CDATA[{key}]]></EventKey>")


def deliver(mode, clear, nonce="320562132", change=None):
    """Delivers a message as the platform does in a mode; the status and the reply, decrypted where it must be."""
    asked, body = query(nonce), clear
    if mode != "plain":
        sealed = xmltodict.parse(crypto.encrypt_message(clear, nonce, asked["timestamp"]))["xml"]
        asked |= {"encrypt_type": "aes", "msg_signature": sealed["MsgSignature"]}
        encrypted = f"<Encrypt><![CDATA[{sealed['Encrypt']}]]></Encrypt>"
        inner = clear[len("<xml>"):-len("</xml>")] if mode == "compatible" else f"<ToUserName>{ACCOUNT}</ToUserName>"
        body = f"<xml>{inner}{encrypted}</xml>"
    if change:
        asked, body = change(asked, body)
    answer = requests.post(URL, params=asked, data=body.encode(), headers={"Content-Type": "text/xml"}, timeout=5)
    answer.encoding = "utf-8"
    if answer.status_code != 200 or answer.text in ("", "success"):
        return answer.status_code, answer.text
    if mode == "plain":
        return answer.status_code, answer.text
    sealed = xmltodict.parse(answer.text)["xml"]
    reply = crypto.decrypt_message(answer.text, sealed["MsgSignature"], sealed["TimeStamp"], sealed["Nonce"])
    return answer.status_code, reply


def replied(mode, clear, openid):
    """The text of the reply, after wechatpy has read it."""
    status, reply = deliver(mode, clear)
    check(status, 200, f"{mode}: status")
    read = deserialize_reply(reply)
    check((read.type, read.target, read.source), ("text", openid, ACCOUNT), f"{mode}: the reply goes back")
    return read.content, reply


def verify():
    asked = query("1") | {"echostr": "5927782489442352469"}
    answer = requests.get(URL, params=asked, timeout=5)
    check((answer.status_code, answer.text), (200, asked["echostr"]), "the check of the address")
    answer = requests.get(URL, params=asked | {"signature": "0" * 40}, timeout=5)
    check(answer.status_code, 403, "a check with a wrong signature")


def converse(mode, number):
    openid, now = f"oPeer{mode}0000000000000000", int(time.time())
    content, _ = replied(mode, event(openid, now - 100, "subscribe", "qrscene_stu_A07"), openid)
    check(content, WELCOME, f"{mode}: the welcome")
    asked = text(openid, now - 90, number, "请问报名什么时候截止？😀 <b> & ]] >")
    content, first = replied(mode, asked, openid)
    check(content, FALLBACK, f"{mode}: the reply")
    with ThreadPoolExecutor(3) as pool:
        again = list(pool.map(lambda _: deliver(mode, asked), range(3)))
    check(again, [(200, first)] * 3, f"{mode}: three repeats at once")
    content, _ = replied(mode, event(openid, now - 80, "CLICK", "menu"), openid)
    check(content, FALLBACK, f"{mode}: a click")
    check(deliver(mode, event(openid, now - 70, "unsubscribe")), (200, "success"), f"{mode}: a departure")
    check(deliver(mode, asked)[1], "success", f"{mode}: nothing of who has left is kept")


def refuse():
    asked = text("oPeerrefused", int(time.time()), 9_000_001, "a")
    wrong = {
        "a wrong signature": lambda query, body: (query | {"signature": "0" * 40}, body),
        "no signature": lambda query, body: ({}, body),
        "a wrong message signature": lambda query, body: (query | {"msg_signature": query["signature"]}, body),
        "another text": lambda query, body: (query, body.replace("<Encrypt><![CDATA[", "<Encrypt><![CDATA[AAAA")),
    }
    for what, change in wrong.items():
        check(deliver("safe", asked, change=change)[0], 403, what)
    global crypto
    right = crypto
    for what, other in {
        "another account": WeChatCrypto(TOKEN, AES_KEY, "wxffffffffffffffff"),
        "another key": WeChatCrypto(TOKEN, AES_KEY[::-1], APP_ID),
    }.items():
        crypto = other
        check(deliver("safe", asked)[0], 403, what)
    crypto = right
    check(deliver("plain", "<xml>")[0], 400, "no message")


verify()
for place, mode in enumerate(MODES):
    converse(mode, 8_000_001 + place)
refuse()
print(f"{checks} checks")
