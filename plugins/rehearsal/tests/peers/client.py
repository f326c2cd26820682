"""wechatpy as a client of the rehearsal room's API, tier F.

Arguments: the room's address, then the openids of five people who came by search, card, scene stu_A07, article and
reprint on 1 September 2026; the first one wrote, the last one left.
"""

import io
import sys
from urllib.parse import parse_qs, urlparse

import requests
from wechatpy import WeChatClient
from wechatpy.exceptions import APILimitedException, WeChatClientException

BASE, *PEOPLE = sys.argv[1:]
APPID, SECRET = "wx7265686561727361", "7365637265746f6672656865617273616c"
checks = 0


def equal(got, expected):
    global checks
    assert got == expected, f"{got!r} instead of {expected!r}"
    checks += 1


def refused(code, call, *arguments, **named):
    try:
        answer = call(*arguments, **named)
    except (WeChatClientException, APILimitedException) as error:
        equal(error.errcode, code)
    else:
        raise AssertionError(f"not refused with {code}: {answer!r}")


class Client(WeChatClient):
    API_BASE_URL = f"{BASE}/cgi-bin/"

    def fetch_access_token(self):
        return self._fetch_access_token(
            url=f"{BASE}/cgi-bin/token",
            params={"grant_type": "client_credential", "appid": self.appid, "secret": self.secret},
        )


client = Client(APPID, SECRET)
client.datacube.API_BASE_URL = f"{BASE}/datacube/"

# A token is fetched by the first call and kept.
token = client.access_token
equal(client.access_token, token)
equal(client.misc.get_wechat_ips(), ["127.0.0.1"])
refused(40125, Client(APPID, "wrong").fetch_access_token)
refused(40013, Client("wx0", SECRET).fetch_access_token)

# Followers, two on a page: the one who left is in no list.
equal(client.user.get_followers()["total"], 4)
equal(list(client.user.iter_followers()), PEOPLE[:4])
equal(client.user.get_followers(PEOPLE[1])["data"]["openid"], PEOPLE[2:4])
refused(40003, client.user.get_followers, "oNobody")
user = client.user.get(PEOPLE[2])
equal(user["subscribe"], 1)
equal(user["subscribe_scene"], "ADD_SCENE_QR_CODE")
equal(user["qr_scene_str"], "stu_A07")
equal("nickname" in user, False)
equal(client.user.get(PEOPLE[0])["subscribe_scene"], "ADD_SCENE_SEARCH")
equal(client.user.get(PEOPLE[4]), {"subscribe": 0, "openid": PEOPLE[4]})
equal([user["openid"] for user in client.user.get_batch(PEOPLE)], PEOPLE)
refused(40003, client.user.get, "oNobody")
client.user.update_remark(PEOPLE[0], "第一位")
equal(client.user.get(PEOPLE[0])["remark"], "第一位")

# Customer-service messages: five within 48 hours of a message.
client.message.send_text(PEOPLE[0], "你好 😀 \"引号\"")
client.message.send_msg_menu(
    PEOPLE[0],
    {"head_content": "满意吗？", "list": [{"id": "101", "content": "满意"}], "tail_content": "谢谢"},
)
for number in range(3):
    client.message.send_text(PEOPLE[0], f"第 {number} 条")
refused(45047, client.message.send_text, PEOPLE[0], "第六条")
refused(45015, client.message.send_text, PEOPLE[1], "没有来信")
refused(45015, client.message.send_text, PEOPLE[4], "已经离开")
refused(40003, client.message.send_text, "oNobody", "没有这个人")
refused(45002, client.message.send_text, PEOPLE[0], "字" * 700)
refused(40007, client.message.send_image, PEOPLE[0], "no-such-file")

# Codes with a scene.
scene = {"expire_seconds": 1800, "action_name": "QR_STR_SCENE", "action_info": {"scene": {"scene_str": "stu_B12"}}}
code = client.qrcode.create(scene)
equal(code["expire_seconds"], 1800)
picture = requests.get(f"{BASE}/cgi-bin/showqrcode", params={"ticket": code["ticket"]})
equal((picture.status_code, picture.headers["content-type"], picture.content[:2]), (200, "image/jpg", b"\xff\xd8"))
equal(parse_qs(urlparse(code["url"]).query)["ticket"], [code["ticket"]])
limit = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": "stu_C01"}}}
permanent = client.qrcode.create(limit)
equal("expire_seconds" in permanent, False)
equal(client.qrcode.create(limit)["ticket"], permanent["ticket"])
refused(40052, client.qrcode.create, {"action_name": "QR", "action_info": {"scene": {"scene_id": 1}}})
refused(40053, client.qrcode.create, {**limit, "action_info": {"scene": {"scene_str": "x" * 65}}})
equal(requests.get(f"{BASE}/cgi-bin/showqrcode", params={"ticket": "no"}).status_code, 404)

# Tags.
tag = client.tag.create("学生 01")
equal(tag["name"], "学生 01")
refused(45157, client.tag.create, "学生 01")
client.tag.tag_user(tag["id"], PEOPLE[:2])
equal(client.tag.get_user_tag(PEOPLE[0]), [tag["id"]])
equal(list(client.tag.iter_tag_users(tag["id"])), PEOPLE[:2])
equal({tag["name"]: tag["count"] for tag in client.tag.get()}, {"星标组": 0, "学生 01": 2})
client.tag.untag_user(tag["id"], PEOPLE[0])
equal(client.tag.get_user_tag(PEOPLE[0]), [])
refused(49003, client.tag.tag_user, tag["id"], ["oNobody"])
refused(45159, client.tag.tag_user, 12345, PEOPLE[:1])
client.tag.update(tag["id"], "学生 02")
client.tag.delete(tag["id"])
equal(client.tag.get_user_tag(PEOPLE[1]), [])
refused(45058, client.tag.delete, 2)

# Figures of the day before.
summary = client.datacube.get_user_summary("2026-09-01", "2026-09-01")
equal({(of["user_source"], of["new_user"], of["cancel_user"]) for of in summary},
      {(1, 1, 0), (17, 1, 0), (30, 1, 0), (57, 1, 0), (161, 1, 1)})
equal(client.datacube.get_user_cumulate("2026-09-01", "2026-09-01")[0]["cumulate_user"], 4)
refused(61501, client.datacube.get_user_summary, "2026-09-01", "2026-09-02")
refused(61501, client.datacube.get_user_summary, "2026-08-20", "2026-09-01")
refused(61500, client.datacube.get_user_summary, "2026/09/01", "2026/09/01")

# Files and a mass send.
picture = io.BytesIO(b"\xff\xd8 a picture")
picture.name = "cover.jpg"
equal(bool(client.material.add("image", picture)["media_id"]), True)
picture = io.BytesIO(b"\xff\xd8 a picture")
picture.name = "cover.exe"
refused(40005, client.material.add, "image", picture)
sent = client.message.send_mass_text(None, "群发", is_to_all=True)
equal(client.message.get_mass(sent["msg_id"])["msg_status"], "SEND_SUCCESS")

# Another token ends this one; the library fetches a new one by itself.
Client(APPID, SECRET).fetch_access_token()
equal(client.user.get_followers()["total"], 4)
equal(client.access_token == token, False)

print(checks, "checks")
