/// The API of requests, decisions and sessions.
@NullMarked
package org.openlockbox.server.api.request;

import org.jspecify.annotations.NullMarked;
