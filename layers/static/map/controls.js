/* The buttons, the clock, the credit line and the notice of a map. */
import { monthText } from "../shared/days.js";
import { button, element } from "../shared/dom.js";
import { pictureAddress } from "./picture.js";
import { PLAYING, STOPPED, TimePlayer } from "./time_player.js";

const PLAY = "▶";
const PAUSE = "⏸\uFE0E"; // written as a sign, not as a picture
const STOP = "■";

/**
 * Put something into a corner of the map; clicks and scrolling on it are not the map's.
 * @param {L.Map} map The map.
 * @param {string} position Such as "topleft".
 * @param {HTMLElement} node What is put there.
 */
export function placeControl(map, position, node) {
  const control = L.control({ position });
  control.onAdd = () => node;
  control.addTo(map);
  L.DomEvent.disableClickPropagation(node);
  L.DomEvent.disableScrollPropagation(node);
}

/** Everything around the map but the legend. */
export class Controls {
  /** @param {import("./atlas_map.js").AtlasMap} atlas The map. */
  constructor(atlas) {
    this.atlas = atlas;
    this.text = atlas.config.text;
    this.player = new TimePlayer(atlas.config.span, {
      showDay: (day) => atlas.askForDay(day),
      onChange: (state) => this.showPlaying(state),
    });
    this.addBar();
    this.clock = this.addLine("topright", "atlas-clock");
    this.clock.setAttribute("role", "status");
    this.credit = this.addLine("bottomleft", "atlas-credit", this.text.sketch);
    this.notice = element("div", "atlas-notice");
    this.notice.setAttribute("role", "status");
    atlas.map.getContainer().append(this.notice);
  }

  addLine(position, className, text) {
    const node = element("div", className, text);
    placeControl(this.atlas.map, position, node);
    return node;
  }

  addBar() {
    const bar = element("div", "leaflet-bar atlas-bar");
    this.playButton = this.makeButton(PLAY, this.text.play, () => this.player.toggle());
    this.playButton.classList.add("atlas-play");
    this.stopButton = this.makeButton(STOP, this.text.stop, () => this.player.stop());
    this.stopButton.classList.add("atlas-stop");
    this.stopButton.hidden = true;
    bar.append(this.makeButton("⌂", this.text.home, () => this.atlas.camera.showCity()), this.playButton, this.stopButton);
    if (document.fullscreenEnabled) bar.append(this.makeFullScreenButton());
    if (!this.atlas.messages.listener) bar.append(this.makeButton("⤓", this.text.picture, () => this.openPicture()));
    placeControl(this.atlas.map, "topleft", bar);
  }

  makeButton(sign, label, action) {
    const node = button("atlas-button", sign, action);
    node.title = label;
    node.setAttribute("aria-label", label);
    return node;
  }

  makeFullScreenButton() {
    const node = this.makeButton("", this.text.fullscreen, () => {
      if (document.fullscreenElement) document.exitFullscreen();
      else this.fullScreenNode().requestFullscreen();
    });
    node.append(element("span", "atlas-corners"));
    return node;
  }

  /* The page of a map in a frame, else the map alone. */
  fullScreenNode() {
    return this.atlas.messages.listener ? this.atlas.map.getContainer() : document.documentElement;
  }

  openPicture() {
    const address = pictureAddress(this.atlas.state, {
      bounds: this.atlas.map.getBounds().toBBoxString(),
      datum: this.atlas.basemap.datum,
      parts: this.atlas.config.view,
      language: this.atlas.config.lang,
      question: { ...this.atlas.reach.parameters(), ...this.atlas.siting.parameters() },
    });
    window.open(address, "_blank", "noopener");
  }

  showPlaying(state) {
    const isPlaying = state === PLAYING;
    this.stopButton.hidden = state === STOPPED;
    this.playButton.firstChild.data = isPlaying ? PAUSE : PLAY;
    this.playButton.title = isPlaying ? this.text.pause : this.text.play;
    this.playButton.setAttribute("aria-label", this.playButton.title);
    this.playButton.setAttribute("aria-pressed", String(isPlaying));
  }

  /**
   * Say which month the map shows.
   * @param {number} day Such as 20211231.
   */
  showDay(day) {
    this.clock.textContent = monthText(day);
  }

  /**
   * Say that data is on its way.
   * @param {boolean} isLoading Whether it is.
   */
  showLoading(isLoading) {
    this.notice.textContent = isLoading ? this.text.loading : "";
    this.notice.hidden = !isLoading;
  }

  /**
   * Say that something did not come.
   * @param {string} detail What, and why.
   */
  showFailure(detail) {
    this.showNotice(`${this.text.failed} (${detail})`);
  }

  /**
   * Say what is wrong.
   * @param {string} text It.
   */
  showNotice(text) {
    this.notice.textContent = text;
    this.notice.hidden = false;
    this.notice.classList.add("atlas-error");
  }
}
