using AuthzGraph.Graph;
using AuthzGraph.Model;

namespace AuthzGraph.Server.Security;

/// <summary>How much of an answer a caller is told: of denials what its credential allows, of delegations that aren't its own nothing.</summary>
internal static class Telling
{
    public static Answer As(this in Answer answer, Access access)
    {
        if (answer.Outcome != Outcome.Denied) return answer;
        Answer told = IsForeign(answer, access) ? answer with { Code = DenialCode.HopUnknown, ValidUntil = Instant.Never } : answer;
        return access.Detail switch
        {
            DenialDetail.All => told,
            DenialDetail.Code => told with { Hop = 0, Object = default },
            _ => told with { Code = DenialCode.None, Hop = 0, Object = default },
        };
    }

    public static DenialCode As(this DenialCode code, Access access) => access.Detail == DenialDetail.Nothing ? DenialCode.None : code;

    /// <summary>Evidence as far as the caller is told of it.</summary>
    public static Evidence? As(this Evidence? evidence, in Answer told, Access access) =>
        access.Detail == DenialDetail.All && (access.Principal is null || told.Code != DenialCode.HopUnknown) ? evidence : null;

    // Whoever asks for itself must not find out which delegations there are by trying their ids.
    private static bool IsForeign(in Answer answer, Access access) => access.Principal is not null && answer.Code == DenialCode.PresenterMismatch;
}
