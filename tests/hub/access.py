"""Who may do what on the loopback Hub: nobody, a reader's token, a writer's token."""

from __future__ import annotations

from dataclasses import dataclass

from tests.hub.catalogue import Repository
from tests.hub.wire import Refused, Request


@dataclass(frozen=True)
class Access:
    """The tokens and their rights.

    Attributes:
        token: may read everything that is not gated, and write.
        read_token: may read the same and not write.
        granted: gated repositories whose files the tokens may read.
        user: name of the tokens' owner.
        namespaces: owners under which `token` may write, and whose gated files it may read as their owner;
            None: it may write under all.
    """

    token: str | None = None
    read_token: str | None = None
    granted: frozenset[str] = frozenset()
    user: str = "tester"
    namespaces: frozenset[str] | None = None

    def known(self, request: Request) -> bool:
        """Whether the request comes from somebody; without a token it comes from nobody.

        Raises:
            Refused: its token is not one of ours.
        """
        if request.token is None:
            return False
        if request.token not in {self.token, self.read_token}:
            raise Refused(401, "Invalid credentials in Authorization header")
        return True

    def check_write(self, request: Request, owner: str | None) -> None:
        """Let only those write who may.

        Raises:
            Refused: the sender has no token, one for reading, or no rights under this owner.
        """
        if not self.known(request):
            raise Refused(401, "Invalid username or password.", "RepoNotFound")
        if request.token != self.token:
            raise Refused(403, "Forbidden: you must use a write token to upload to a repository.")
        if self.namespaces is not None and owner not in self.namespaces:
            raise Refused(403, f"You don't have the rights to write under the namespace {owner}")

    def check_files(self, request: Request, repository: Repository) -> None:
        """Refuse the files of a gated repository to whoever has not been let in.

        Raises:
            Refused: the sender must log in, or ask.
        """
        if not repository.gated:
            return
        what = f"Access to {repository.kind} {repository.repo_id} is restricted"
        if not self.known(request):
            message = f"{what}. You must have access to it and be authenticated to access it. Please log in."
            raise Refused(401, message, "GatedRepo")
        own = request.token == self.token and repository.author in (self.namespaces or ())
        if not own and repository.repo_id not in self.granted:
            raise Refused(403, f"{what} and you are not in the authorized list.", "GatedRepo")
