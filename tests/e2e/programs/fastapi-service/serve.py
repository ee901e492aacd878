"""Call the service as its users do."""

from fastapi.testclient import TestClient

from app.main import app

client = TestClient(app)
answer = client.put("/files/photo.txt", content="cheese", headers={"Content-Type": "text/plain"})
print("PUT", answer.status_code, answer.json())
answer = client.get("/files/photo.txt")
print("GET", answer.status_code, answer.text)
answer = client.get("/files/missing.txt")
print("GET", answer.status_code, answer.json())
