/// How an operator on the host talks to a running node: reload it, drain it.
@NullMarked
package org.openlockbox.node.control;

import org.jspecify.annotations.NullMarked;
