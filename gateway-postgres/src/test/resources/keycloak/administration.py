"""Keycloak's administration over its REST API, for KeycloakFenceTest.

administration.py PORT fill REALM...   makes realms in which everything carries the word REALMcanary
administration.py PORT work REALM...   makes, changes and deletes one of everything in a realm of its own, and some in these realms
"""
import json
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

BASE = "http://127.0.0.1:" + sys.argv[1]
ADMIN = "/admin/realms"
calls = 0
token = {"value": "", "until": 0.0}


def post_form(url, **fields):
    return json.load(urllib.request.urlopen(BASE + url, urllib.parse.urlencode(fields).encode(), timeout=120))


def access_token():
    if time.time() > token["until"]:
        answer = post_form(
            "/realms/master/protocol/openid-connect/token",
            grant_type="password", client_id="admin-cli", username="admin", password="admin")
        token["value"] = answer["access_token"]
        token["until"] = time.time() + 30
    return token["value"]


def call(method, path, body=None, under=ADMIN):
    """The answer's body, or the id of what was made. Anything but success ends the program."""
    global calls
    calls += 1
    request = urllib.request.Request(
        BASE + under + path,
        None if body is None else json.dumps(body).encode(),
        method=method,
        headers={"Authorization": "Bearer " + access_token(), "Content-Type": "application/json"})
    try:
        answer = urllib.request.urlopen(request, timeout=120)
    except urllib.error.HTTPError as e:
        sys.exit("%s %s: %d %s" % (method, path, e.code, e.read()[:500]))
    text = answer.read()
    if answer.headers.get("Location"):
        return answer.headers["Location"].rsplit("/", 1)[1]
    return json.loads(text) if text else None


def get(path):
    return call("GET", path)


def named(path, key, value):
    return next(each for each in get(path) if each.get(key) == value)


def change(path, **values):
    """Writes these values, and reads them back."""
    there = get(path)
    there.update(values)
    call("PUT", path, there)
    now = get(path)
    assert all(now[key] == value for key, value in values.items()), (path, values, now)


def login(realm, user, password="pw", scope="openid"):
    """Whether somebody can sign in."""
    try:
        post_form(
            "/realms/%s/protocol/openid-connect/token" % realm,
            grant_type="password", client_id="shop", username=user, password=password, scope=scope)
        return True
    except urllib.error.HTTPError as e:
        assert e.code in (400, 401), e
        return False


def realm_of(realm, word):
    call("POST", "", dict(
        realm=realm, enabled=True, displayName=word + " realm", eventsEnabled=True, adminEventsEnabled=True,
        adminEventsDetailsEnabled=True, internationalizationEnabled=True, supportedLocales=["en", "de"], defaultLocale="en",
        smtpServer={"host": word + ".mail.example", "from": word + "@x.example"}, registrationAllowed=True))
    profile = get("/%s/users/profile" % realm)
    profile["unmanagedAttributePolicy"] = "ENABLED"
    call("PUT", "/%s/users/profile" % realm, profile)
    call("POST", "/%s/localization/en" % realm, {"greeting": word + " hello"})


def roles_of(realm, word):
    roles = []
    for i in range(4):
        name = "%s-role%d" % (word, i)
        call("POST", "/%s/roles" % realm, dict(name=name, description=word + " role", attributes={"a": [word + "roleattr"]}))
        roles.append(get("/%s/roles/%s" % (realm, name)))
    call("POST", "/%s/roles/%s-role0/composites" % (realm, word), [roles[1]])
    return roles


def groups_of(realm, word, roles):
    groups = []
    for i in range(3):
        group = call("POST", "/%s/groups" % realm, dict(name="%s-group%d" % (word, i), attributes={"dept": [word + "groupattr"]}))
        call("POST", "/%s/groups/%s/children" % (realm, group), dict(name="%s-sub%d" % (word, i)))
        call("POST", "/%s/groups/%s/role-mappings/realm" % (realm, group), [roles[i]])
        groups.append(group)
    call("PUT", "/%s/default-groups/%s" % (realm, groups[2]))
    return groups


def scope_of(realm, word, roles):
    mapper = dict(
        name=word + "-scopemapper", protocol="openid-connect", protocolMapper="oidc-hardcoded-claim-mapper",
        config={"claim.name": "x", "claim.value": word + "claim", "jsonType.label": "String"})
    scope = call("POST", "/%s/client-scopes" % realm, dict(
        name=word + "-scope", protocol="openid-connect", attributes={"consent.screen.text": word + "consent"}, protocolMappers=[mapper]))
    call("POST", "/%s/client-scopes/%s/scope-mappings/realm" % (realm, scope), [roles[1]])
    call("PUT", "/%s/default-optional-client-scopes/%s" % (realm, scope))


def clients_of(realm, word, roles):
    mapper = dict(
        name=word + "-mapper", protocol="openid-connect", protocolMapper="oidc-usermodel-attribute-mapper",
        config={"user.attribute": "phone", "claim.name": "phone", "jsonType.label": "String"})
    shop = call("POST", "/%s/clients" % realm, dict(
        clientId="shop", name=word + " client", publicClient=True, directAccessGrantsEnabled=True, fullScopeAllowed=False,
        redirectUris=["https://%s.example/*" % word], webOrigins=["https://%s.example" % word],
        attributes={"x": word + "clientattr"}, protocolMappers=[mapper]))
    call("POST", "/%s/clients/%s/scope-mappings/realm" % (realm, shop), [roles[0], get("/%s/roles/offline_access" % realm)])
    call("POST", "/%s/clients/%s/roles" % (realm, shop), dict(name=word + "-clientrole"))
    server = call("POST", "/%s/clients" % realm, dict(
        clientId=word + "-authz", secret=word + "-secret", serviceAccountsEnabled=True, authorizationServicesEnabled=True,
        directAccessGrantsEnabled=True))
    at = "/%s/clients/%s/authz/resource-server" % (realm, server)
    scope = call("POST", at + "/scope", dict(name=word + "-azscope"))
    resource = call("POST", at + "/resource", dict(
        name=word + "-res", uris=["/" + word], attributes={"k": [word + "resattr"]}, scopes=[scope]))
    policy = call("POST", at + "/policy/role", dict(name=word + "-policy", roles=[dict(id=roles[0]["id"])]))
    call("POST", at + "/permission/resource", dict(name=word + "-perm", resources=[resource["_id"]], policies=[policy["id"]]))
    return shop


def surroundings_of(realm, word):
    call("POST", "/%s/identity-provider/instances" % realm, dict(
        alias=word + "-idp", providerId="oidc",
        config=dict(
            clientId=word + "idpclient", clientSecret=word + "idpsecret", authorizationUrl="https://i.example/a",
            tokenUrl="https://i.example/t")))
    call("POST", "/%s/identity-provider/instances/%s-idp/mappers" % (realm, word), dict(
        name=word + "-idpmapper", identityProviderAlias=word + "-idp", identityProviderMapper="hardcoded-attribute-idp-mapper",
        config={"attribute": "x", "attribute.value": word + "idpvalue", "syncMode": "INHERIT"}))
    call("POST", "/%s/authentication/flows/browser/copy" % realm, dict(newName=word + "-flow"))
    step = named("/%s/authentication/flows/%s-flow/executions" % (realm, word), "providerId", "identity-provider-redirector")
    call("POST", "/%s/authentication/executions/%s/config" % (realm, step["id"]), dict(
        alias=word + "-authconf", config={"defaultProvider": word + "-idp"}))
    call("POST", "/%s/components" % realm, dict(
        name=word + "-ldap", providerId="ldap", providerType="org.keycloak.storage.UserStorageProvider",
        config=dict(
            enabled=["false"], priority=["0"], vendor=["other"], connectionUrl=["ldap://%s.example" % word], usersDn=["ou=u"],
            bindDn=["cn=x"], bindCredential=[word + "bind"], authType=["simple"], usernameLDAPAttribute=["uid"],
            rdnLDAPAttribute=["uid"], uuidLDAPAttribute=["entryUUID"], userObjectClasses=["person"], editMode=["READ_ONLY"])))


def users_of(realm, word, roles, groups, shop, count):
    users = []
    for i in range(count):
        name = "%s-user%d" % (word, i)
        user = call("POST", "/%s/users" % realm, dict(
            username=name, email=name + "@example.org", firstName="%sFirst%d" % (word, i), lastName="%sLast%d" % (word, i),
            enabled=True, emailVerified=True, attributes={"phone": ["+49 30 1234%03d" % i], "note": [word + " attr"]},
            credentials=[dict(type="password", value="pw", temporary=False)], requiredActions=["VERIFY_EMAIL"] if i == 0 else []))
        call("POST", "/%s/users/%s/role-mappings/realm" % (realm, user), [roles[i % 4]])
        call("PUT", "/%s/users/%s/groups/%s" % (realm, user, groups[i % 2]))
        users.append(user)
    role = get("/%s/clients/%s/roles/%s-clientrole" % (realm, shop, word))
    call("POST", "/%s/users/%s/role-mappings/clients/%s" % (realm, users[0], shop), [role])
    call("POST", "/%s/users/%s/federated-identity/%s-idp" % (realm, users[1], word), dict(
        userId=word + "feduser", userName=word + "fedname"))
    for i in range(1, 6):
        assert login(realm, "%s-user%d" % (word, i), scope="openid offline_access" if i < 4 else "openid")
    assert not login(realm, word + "-user2", "wrong")
    return users


def fill(realm, count=12):
    word = realm + "canary"
    realm_of(realm, word)
    roles = roles_of(realm, word)
    groups = groups_of(realm, word, roles)
    scope_of(realm, word, roles)
    shop = clients_of(realm, word, roles)
    surroundings_of(realm, word)
    return roles, groups, shop, users_of(realm, word, roles, groups, shop, count)


def change_people(at, word, roles, groups, users):
    change(at, displayName="changed")
    change("%s/users/%s" % (at, users[1]), firstName="Changed")
    call("PUT", "%s/users/%s/reset-password" % (at, users[1]), dict(type="password", value="new", temporary=False))
    assert login(at[1:], word + "-user1", "new")
    call("DELETE", "%s/users/%s/groups/%s" % (at, users[1], groups[1]))
    call("DELETE", "%s/users/%s/role-mappings/realm" % (at, users[1]), [roles[1]])
    change("%s/groups/%s" % (at, groups[0]), name="newname")
    call("DELETE", "%s/groups/%s" % (at, groups[1]))
    change("%s/roles-by-id/%s" % (at, roles[2]["id"]), description="new")
    call("DELETE", "%s/roles/%s" % (at, roles[3]["name"]))


def end_sessions(at, users, shop):
    sessions = get("%s/users/%s/sessions" % (at, users[4]))
    assert sessions and get("%s/clients/%s/user-sessions" % (at, shop)) and get("%s/clients/%s/offline-sessions" % (at, shop))
    call("DELETE", "%s/sessions/%s" % (at, sessions[0]["id"]))
    call("POST", "%s/users/%s/logout" % (at, users[5]))
    call("POST", "%s/logout-all" % at)
    assert get("%s/events" % at) and get("%s/admin-events" % at)
    call("DELETE", "%s/events" % at)
    call("DELETE", "%s/admin-events" % at)
    assert not get("%s/events" % at)


def organizations(at, word, users):
    """Before version 26 they are a preview that nobody has switched on."""
    if int(call("GET", "/serverinfo", under="/admin")["systemInfo"]["version"].split(".")[0]) < 26:
        return
    change(at, organizationsEnabled=True)
    org = call("POST", "%s/organizations" % at, dict(name=word + "-org", alias=word + "-org", domains=[dict(name="org.example")]))
    call("POST", "%s/organizations/%s/members" % (at, org), users[2])
    assert len(get("%s/organizations/%s/members" % (at, org))) == 1
    call("DELETE", "%s/organizations/%s/members/%s" % (at, org, users[2]))
    call("DELETE", "%s/organizations/%s" % (at, org))


def delete_everything(at, word, users):
    call("DELETE", "%s/authentication/flows/%s" % (at, named(at + "/authentication/flows", "alias", word + "-flow")["id"]))
    call("DELETE", "%s/identity-provider/instances/%s-idp" % (at, word))
    call("DELETE", "%s/components/%s" % (at, named(at + "/components", "name", word + "-ldap")["id"]))
    call("DELETE", "%s/client-scopes/%s" % (at, named(at + "/client-scopes", "name", word + "-scope")["id"]))
    for client in ("shop", word + "-authz"):
        call("DELETE", "%s/clients/%s" % (at, named(at + "/clients", "clientId", client)["id"]))
    for user in users:
        call("DELETE", "%s/users/%s" % (at, user))
    assert call("POST", at + "/partial-export?exportClients=true&exportGroupsAndRoles=true")["realm"] == at[1:]
    call("DELETE", at)


def work():
    roles, groups, shop, users = fill("hooli", 6)
    at, word = "/hooli", "hoolicanary"
    change_people(at, word, roles, groups, users)
    change("%s/clients/%s" % (at, shop), name="newname")
    end_sessions(at, users, shop)
    organizations(at, word, users)
    delete_everything(at, word, users)


def work_in(realm):
    at, word = "/" + realm, realm + "canary"
    users = get(at + "/users?max=100")
    assert len(users) >= 12, len(users)
    change("%s/users/%s" % (at, users[0]["id"]), lastName=word + "Changed")
    call("DELETE", "%s/users/%s" % (at, call("POST", at + "/users", dict(username=word + "-extra", enabled=True))))
    assert login(realm, word + "-user3")
    call("DELETE", "%s/groups/%s" % (at, call("POST", at + "/groups", dict(name=word + "-g"))))
    assert get(at + "/events")


for name in sys.argv[3:]:
    {"fill": fill, "work": work_in}[sys.argv[2]](name)
if sys.argv[2] == "work":
    work()
print(calls, "calls")
