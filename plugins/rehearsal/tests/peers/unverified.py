"""wechatpy as a client of an unverified account: next to nothing is open.

Arguments: the room's address and one openid.
"""

import sys

from wechatpy import WeChatClient
from wechatpy.exceptions import WeChatClientException

BASE, OPENID = sys.argv[1:]
checks = 0


class Client(WeChatClient):
    API_BASE_URL = f"{BASE}/cgi-bin/"

    def fetch_access_token(self):
        return self._fetch_access_token(
            url=f"{BASE}/cgi-bin/token",
            params={"grant_type": "client_credential", "appid": self.appid, "secret": self.secret},
        )


client = Client("wx7265686561727361", "7365637265746f6672656865617273616c")
client.datacube.API_BASE_URL = f"{BASE}/datacube/"
assert client.misc.get_wechat_ips()
checks += 1
scene = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": "stu"}}}
for call in (
    client.user.get_followers,
    lambda: client.user.get(OPENID),
    lambda: client.message.send_text(OPENID, "你好"),
    lambda: client.tag.create("标签"),
    lambda: client.qrcode.create(scene),
    lambda: client.datacube.get_user_summary("2026-09-01", "2026-09-01"),
    lambda: client.message.send_mass_text(None, "群发", is_to_all=True),
):
    try:
        call()
    except WeChatClientException as error:
        assert error.errcode == 48001, error
        checks += 1
    else:
        raise AssertionError("a call was open that should not be")
print(checks, "checks")
