/* Between Streamlit and the map page: the frame is made once; after that only its state is sent, never its layers. */
export default function ({ parentElement, data, setTriggerValue }) {
  const src = data.src;
  const { classList } = parentElement.querySelector(".atlas-root");
  classList.toggle("atlas-short", Boolean(data.short));
  classList.toggle("atlas-paired", Boolean(data.state.paired));
  let frame = parentElement.querySelector("iframe");
  if (!frame || frame.dataset.src !== src) {
    frame?.remove();
    frame = document.createElement("iframe");
    frame.dataset.src = src;
    frame.title = data.title;
    frame.allowFullscreen = true;
    frame.className = "atlas-frame";
    frame.src = src + (location.hash.startsWith("#map=") ? location.hash : "");
    parentElement.querySelector(".atlas-root").append(frame);
  }
  frame.dataset.group = data.group;
  /* Maps of one group look at the same place: who is moved tells the others. */
  const mates = () => (data.group ? [...document.querySelectorAll(`iframe.atlas-frame[data-group="${data.group}"]`)].filter((each) => each !== frame) : []);
  const toMates = (message) => mates().forEach((mate) => mate.contentWindow?.postMessage(message, location.origin));
  const send = () => frame.contentWindow?.postMessage({ type: "atlas:state", state: data.state }, location.origin);
  if (frame.onAtlas) window.removeEventListener("message", frame.onAtlas);
  frame.onAtlas = (event) => {
    if (!frame.isConnected) window.removeEventListener("message", frame.onAtlas);
    if (event.source !== frame.contentWindow || event.origin !== location.origin) return;
    const message = event.data || {};
    if (message.type === "atlas:ready") {
      send();
      if (data.state.paired === "follow") toMates({ type: "atlas:where" });
    }
    if (message.type === "atlas:move") toMates({ type: "atlas:follow", view: message.view });
    if (message.type === "atlas:select") setTriggerValue("select", { id: message.id });
    if (message.type === "atlas:edit") setTriggerValue("edit", message.edit);
    if (message.type === "atlas:pick") setTriggerValue("pick", { lon: message.lon, lat: message.lat });
    if (message.type === "atlas:view") {
      for (const each of [frame, ...mates()]) each.dataset.at = message.at;
      history.replaceState(history.state, "", `#${message.at}`);
    }
  };
  window.addEventListener("message", frame.onAtlas);
  if (frame.dataset.at && location.hash !== `#${frame.dataset.at}`) {
    history.replaceState(history.state, "", `#${frame.dataset.at}`);
  }
  send();
}
