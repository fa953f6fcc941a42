/// WebSocket (RFC 6455), frame by frame, on the field's own library.
@NullMarked
package org.openlockbox.http.websocket;

import org.jspecify.annotations.NullMarked;
