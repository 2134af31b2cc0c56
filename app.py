"""The one entry: ``streamlit run app.py`` serves the pages, the map and its layers from one process.

The frame of the pages lives in ``pages/frame.py``, so the folder ``pages/`` is never taken for Streamlit's old
page discovery, and a deep link works as the first request of a new server. The server listens before that frame and what it needs are
read: a browser fetches Streamlit's own files meanwhile.
"""

from functools import partial
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from geo.cities import cities
from layers.api.app_routes import app_routes
from layers.api.lifespan import workers
from layers.city_addresses import CityPages
from layers.security_headers import SecurityHeaders, failed
from layers.sign_in import FailedSignInNotice, ReturnToCity
from layers.slow_bodies import BodyTimeLimit
from layers.start_page import StartPage, with_server
from pages.parts.shell import local_editor
from pages.parts.shell.upload_guard import UploadGuard

if local_editor.wanted():
    print(local_editor.announcement(), flush=True)

if cities():
    from geo.store import earlier  # numpy and more, which one city alone does not wait for

    if waiting := earlier.announcement():
        print(waiting, flush=True)

BASE_PATH = st.get_option("server.baseUrlPath")
START_PAGE = (Path(st.__file__).parent / "static" / "index.html").read_text("utf-8")
SERVED_PAGE = with_server(START_PAGE, BASE_PATH, [city.slug for city in cities()])

app = st.App(
    Path(__file__).parent / "pages" / "frame.py",
    lifespan=partial(workers, pages=("pages.frame", "pages.home")),
    routes=app_routes(BASE_PATH),
    middleware=[
        Middleware(SecurityHeaders, start_page=SERVED_PAGE),
        Middleware(StartPage, original=START_PAGE, served=SERVED_PAGE),
        Middleware(CityPages, base_path=BASE_PATH),
        Middleware(BodyTimeLimit),
        Middleware(FailedSignInNotice),
        Middleware(ReturnToCity, base_path=BASE_PATH),
        Middleware(UploadGuard),
    ],
    exception_handlers={Exception: failed},
)
