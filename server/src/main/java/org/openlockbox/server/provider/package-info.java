/// Who runs the server, and what its engineers can ask for.
@NullMarked
package org.openlockbox.server.provider;

import org.jspecify.annotations.NullMarked;
