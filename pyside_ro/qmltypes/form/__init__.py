"""What the form of a replica shows: its interface as rows, and values as text and back.

Knows interfaces and replicas; no QML.
"""

from .calls import CallRows
from .fields import Field
from .log import LogRows
from .values import ValueRows

__all__ = ["CallRows", "Field", "LogRows", "ValueRows"]
