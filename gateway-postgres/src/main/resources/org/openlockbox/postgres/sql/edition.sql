select catalogue_digest, plan_version, server_major from lb.fence
