"""``python -m layers.browser_packages``: install the scripts of other people that the public site carries."""

from layers.browser_packages import install

if __name__ == "__main__":
    print(install())
