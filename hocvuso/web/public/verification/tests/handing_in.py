"""Files that are handed in to the checker."""

from django.core.files.uploadedfile import SimpleUploadedFile


def upload(client, content, file_name="a.json", **typed):
    """The page after a file was handed in."""
    answer = client.post("/xac-minh/", {"file": SimpleUploadedFile(file_name, content), "text": "", **typed})
    assert answer.status_code == 200
    return answer.text
