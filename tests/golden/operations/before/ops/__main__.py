from ops.backup import save
from ops.features import flag
from ops.secrets import password
from ops.vms import stop_all

save("vms.txt", password("vms").encode())
if flag("stop") == "yes":
    stop_all()
