"""Set-up of devices: the configuration profile, its way onto the device, the guide, and the doctor."""
