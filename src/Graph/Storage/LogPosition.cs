using AuthzGraph.Model;

namespace AuthzGraph.Graph.Storage;

/// <summary>A place between two records, with all that the next record must fit onto.</summary>
/// <param name="Chain">Checksum of the record that ends here.</param>
/// <param name="Epoch">The process life that wrote it; 0 before the first.</param>
/// <param name="Revision">The last closed transaction's.</param>
/// <param name="CommittedAt">The last closed transaction's.</param>
internal readonly record struct LogPosition(long Address, uint Chain, uint Epoch, Revision Revision, Instant CommittedAt)
{
    /// <summary>Where every log starts: FASTER keeps the bytes below 64 for itself.</summary>
    public static readonly LogPosition Origin = new(64, 0, 0, default, Instant.Beginning);
}
