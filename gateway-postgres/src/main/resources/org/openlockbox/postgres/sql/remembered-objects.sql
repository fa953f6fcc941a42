select kind, name, digest from lb.fence_object
