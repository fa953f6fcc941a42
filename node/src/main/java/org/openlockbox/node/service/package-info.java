/// A server, a gateway, or both, in one process, as the configuration says.
@NullMarked
package org.openlockbox.node.service;

import org.jspecify.annotations.NullMarked;
