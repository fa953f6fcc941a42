/// What a node answers on its management port: whether it lives and is ready, and its figures.
@NullMarked
package org.openlockbox.node.management;

import org.jspecify.annotations.NullMarked;
