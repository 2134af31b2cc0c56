"""The one entry: ``streamlit run app.py`` serves the pages, the map and its layers from one process.

The frame of the pages lives in ``pages/frame.py``, so the folder ``pages/`` is never taken for Streamlit's old
page discovery, and a deep link works as the first request of a new server.
"""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from geo.cities import cities
from geo.store import earlier
from layers.api.cities import routes
from layers.api.server import workers
from layers.city_addresses import CityPages
from layers.security_headers import SecurityHeaders, failed
from layers.sign_in import FailedSignInNotice, ReturnToCity
from layers.slow_bodies import BodyTimeLimit
from layers.start_page import StartPage, with_server
from pages import frame
from pages.parts.shell import local_editor
from pages.parts.shell.upload_guard import UploadGuard

if local_editor.wanted():
    print(local_editor.announcement(), flush=True)

if earlier.announcement():
    print(earlier.announcement(), flush=True)

START_PAGE = (Path(st.__file__).parent / "static" / "index.html").read_text("utf-8")
SERVED_PAGE = with_server(START_PAGE, st.get_option("server.baseUrlPath"), [city.slug for city in cities()])

app = st.App(
    Path(frame.__file__),  # imported, so that the first person does not wait for it
    lifespan=workers,
    routes=routes(st.get_option("server.baseUrlPath")),
    middleware=[
        Middleware(SecurityHeaders, start_page=SERVED_PAGE),
        Middleware(StartPage, original=START_PAGE, served=SERVED_PAGE),
        Middleware(CityPages, base_path=st.get_option("server.baseUrlPath")),
        Middleware(BodyTimeLimit),
        Middleware(FailedSignInNotice),
        Middleware(ReturnToCity, base_path=st.get_option("server.baseUrlPath")),
        Middleware(UploadGuard),
    ],
    exception_handlers={Exception: failed},
)
