using AuthzGraph.Cli.Network;
using AuthzGraph.Protocol.V1;
using Google.Protobuf.WellKnownTypes;

namespace AuthzGraph.Cli.Printing;

/// <summary>Shows what was given or taken back, and until when.</summary>
internal static class AuthorityPrinter
{
    public static void Print(Terminal terminal, string done, Timestamp? endsAt, AuthorityResponse written) =>
        WritePrinter.Print(terminal, endsAt is null ? done : $"{done} until {endsAt.Text()}", written.Revision, written.Token);
}
