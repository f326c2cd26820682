"""An account's server written with wechatpy: says what it read.

Arguments: token, EncodingAESKey, AppID, and `plain`, `aes` or `json`. The first line of output is its port.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlparse

from wechatpy import create_reply, parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import InvalidSignatureException
from wechatpy.utils import check_signature

TOKEN, KEY, APPID, MODE = sys.argv[1:]
crypto = WeChatCrypto(TOKEN, KEY, APPID)


def said(message):
    """What the library understood."""
    kind = message.type
    if kind == "event":
        words = [message.event]
        words += [message.scene_id] if message.event in ("subscribe_scan", "scan") else []
        words += [message.key] if message.event == "click" else []
        words += [message.url] if message.event == "view" else []
    else:
        fields = {
            "text": ("content",),
            "image": ("image", "media_id"),
            "voice": ("media_id", "format", "recognition"),
            "video": ("media_id", "thumb_media_id"),
            "location": ("location_x", "location_y", "scale", "label"),
            "link": ("title", "description", "url"),
        }[kind]
        words = [kind] + [getattr(message, field) for field in fields]
    # The library writes replies as CDATA without taking care of its end.
    return " ".join(str(word) for word in words).replace("]]>", "CDATA end")


class Account(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        query = self.signed()
        if query is not None:
            self.answer(200, query["echostr"])

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        query = self.signed()
        if query is not None:
            self.answer(200, self.reply(query, body))

    def signed(self):
        query = dict(parse_qsl(urlparse(self.path).query))
        try:
            check_signature(TOKEN, query["signature"], query["timestamp"], query["nonce"])
        except InvalidSignatureException:
            self.answer(403, "")
            return None
        return query

    def reply(self, query, body):
        encrypted = query.get("encrypt_type") == "aes"
        assert encrypted == (MODE != "plain"), query
        sign = query.get("msg_signature"), query["timestamp"], query["nonce"]
        if MODE == "json":
            # The library reads XML only: it opens the envelope, and the rest is JSON.
            wrapped = f"<xml><Encrypt>{json.loads(body)['Encrypt']}</Encrypt></xml>"
            sent = json.loads(crypto.decrypt_message(wrapped, *sign))
            message = parse_message(
                "<xml>" + "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in sent.items()) + "</xml>"
            )
            inside = {
                "ToUserName": sent["FromUserName"],
                "FromUserName": sent["ToUserName"],
                "CreateTime": sent["CreateTime"],
                "MsgType": "text",
                "Content": said(message),
            }
            reply = json.dumps(inside, ensure_ascii=False)
        else:
            message = parse_message(crypto.decrypt_message(body, *sign) if encrypted else body)
            assert query["openid"] == message.source or message.source == "mphelper", message
            if message.type == "event" and message.event == "masssendjobfinish":
                return "success"
            reply = create_reply(said(message), message).render()
        return crypto.encrypt_message(reply, query["nonce"], query["timestamp"]) if encrypted else reply

    def answer(self, status, text):
        body = text.encode()
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Account)
print(server.server_address[1], flush=True)
server.serve_forever()
