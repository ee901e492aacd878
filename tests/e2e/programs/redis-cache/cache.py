import os

import redis
from dotenv import load_dotenv

load_dotenv()

cache = redis.Redis(
    host=os.environ["REDIS_HOST"],
    port=int(os.environ.get("REDIS_PORT", "6380")),
    password=os.environ["REDIS_KEY"],
    ssl=True,
    decode_responses=True,
)


def answer(question):
    found = cache.get(question)
    if found is not None:
        return "hit", found
    cache.set(question, "42", ex=60)
    return "miss", cache.get(question)


cache.delete("everything")
print(*answer("everything"))
print(*answer("everything"))
