using AuthzGraph.Graph.Storage;

namespace AuthzGraph.Graph.Copying;

/// <summary>The manifest of a copy, and what it is called there.</summary>
internal sealed record CopiedManifest(Manifest Manifest, string Name)
{
    /// <summary>The whole file.</summary>
    public byte[] Bytes { get; } = SlotFile.EncodeTwice(Manifest.Format, Manifest.Encode());
}
