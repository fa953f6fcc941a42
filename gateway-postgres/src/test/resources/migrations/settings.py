import os

SECRET_KEY = "of a test"
INSTALLED_APPS = ["shop"]
USE_TZ = True
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": "127.0.0.1",
        "PORT": os.environ["SHOP_PORT"],
        "NAME": "migration_tools",
        "USER": "tools_owner",
        "PASSWORD": "unused",
    }
}
