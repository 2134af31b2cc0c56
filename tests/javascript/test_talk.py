"""What a map and its page say to each other: only they are heard, and a frame is made once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Call = Callable[..., Any]
STRANGERS = """
  const stranger = document.body.appendChild(document.createElement("iframe"));
  const say = (data, { origin = location.origin, source = window } = {}) =>
    window.dispatchEvent(new MessageEvent("message", { data, origin, source }));
"""


def test_a_map_hears_its_page_and_nobody_else(call: Call) -> None:
    run = f"""({{ Messages }}) => {{
      {STRANGERS}
      const heard = [];
      new Messages().receive({{ state: (message) => heard.push(message.state) }});
      say({{ type: "atlas:state", state: 1 }});
      say({{ type: "atlas:state", state: 2 }}, {{ origin: "https://elsewhere.invalid" }});
      say({{ type: "atlas:state", state: 3 }}, {{ source: stranger.contentWindow }});
      for (const type of ["state", "atlas:", "atlas:toString", "atlas:constructor", undefined, 7]) say({{ type, state: 4 }});
      for (const data of [null, undefined, "atlas:state", 7]) say(data);
      stranger.remove();
      return heard;
    }}"""
    assert call("static/map/messages.js", run) == [1]


def test_a_map_in_its_page_tells_a_listener_and_one_alone_tells_nobody(call: Call) -> None:
    run = """({ Messages }) => {
      const sent = [];
      const post = window.postMessage;
      window.postMessage = (message) => sent.push(message);
      new Messages((type, detail) => sent.push([type, detail])).send("select", { id: "H01" });
      new Messages().send("select", { id: "H02" });
      window.postMessage = post;
      return [sent, new Messages().isAlone, new Messages(() => {}).isAlone];
    }"""
    assert call("static/map/messages.js", run) == [[["select", {"id": "H01"}]], True, False]


def test_the_frame_is_made_once_and_the_last_run_of_the_page_hears(call: Call) -> None:
    run = f"""({{ default: showMapFrame }}) => {{
      {STRANGERS}
      const parentElement = document.body.appendChild(document.createElement("div"));
      parentElement.innerHTML = '<div class="atlas-root"></div>';
      const triggers = [];
      const show = (run, src) => showMapFrame({{ parentElement, setTriggerValue: (name, value) => triggers.push([run, name, value]),
        data: {{ src, title: "图", short: run === 2, group: "", state: {{ day: run }} }} }});
      const frame = () => parentElement.querySelector("iframe");
      show(1, "about:blank#a");
      const first = frame();
      show(2, "about:blank#a");
      const isSame = frame() === first;
      say({{ type: "atlas:select", id: "H01" }}, {{ source: first.contentWindow }});
      say({{ type: "atlas:select", id: "H02" }}, {{ source: first.contentWindow, origin: "https://elsewhere.invalid" }});
      say({{ type: "atlas:select", id: "H03" }}, {{ source: stranger.contentWindow }});
      say({{ type: "atlas:toString" }}, {{ source: first.contentWindow }});
      say({{ type: "atlas:pick", lon: 120.3, lat: 31.5, more: 1 }}, {{ source: first.contentWindow }});
      say({{ type: "atlas:view", at: "map=12/31.5/120.3" }}, {{ source: first.contentWindow }});
      const hash = location.hash;
      const isShort = parentElement.firstChild.classList.contains("atlas-short");
      show(3, "about:blank#b");
      const found = {{ isSame, isShort, hash, triggers, frames: parentElement.querySelectorAll("iframe").length,
        isOther: frame() !== first, title: frame().title, src: frame().getAttribute("src") }};
      stranger.remove();
      parentElement.remove();
      return found;
    }}"""
    found = call("static/components/map_frame.js", run)
    assert found == {
        "isSame": True,
        "isShort": True,
        "hash": "#map=12/31.5/120.3",
        "triggers": [[2, "select", {"id": "H01"}], [2, "pick", {"lon": 120.3, "lat": 31.5}]],
        "frames": 1,
        "isOther": True,
        "title": "图",
        "src": "about:blank#b#map=12/31.5/120.3",
    }


def test_maps_of_one_group_look_at_the_same_place(call: Call) -> None:
    run = f"""async ({{ default: showMapFrame }}) => {{
      {STRANGERS}
      const boxes = ["g", "g", "other"].map((group) => {{
        const parentElement = document.body.appendChild(document.createElement("div"));
        parentElement.innerHTML = '<div class="atlas-root"></div>';
        showMapFrame({{ parentElement, setTriggerValue: () => {{}}, data: {{ src: "about:blank", title: "", group, state: {{}} }} }});
        return parentElement;
      }});
      const frames = boxes.map((box) => box.querySelector("iframe"));
      for (const frame of frames) frame.dataset.at = "";
      const sent = [];
      frames.forEach((frame, i) => {{ frame.contentWindow.postMessage = (message) => sent.push([i, message.type, message.view]); }});
      say({{ type: "atlas:move", view: 7 }}, {{ source: frames[0].contentWindow }});
      say({{ type: "atlas:view", at: "map=1/2/3" }}, {{ source: frames[0].contentWindow }});
      const places = frames.map((frame) => frame.dataset.at || "");
      for (const node of [...boxes, stranger]) node.remove();
      return [sent, places];
    }}"""
    assert call("static/components/map_frame.js", run) == [
        [[1, "atlas:follow", 7]],
        ["map=1/2/3", "map=1/2/3", ""],
    ]
