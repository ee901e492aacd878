from photos.captions import client
from photos.events import announce
from photos.storage import container


def upload(request):
    photo = request.FILES["photo"]
    container().upload_blob(photo.name, photo)
    announce(photo.name)
    return client().models.list()
