using System.Runtime.InteropServices;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Index.Edges;

/// <summary>One version of an edge as the side table keeps it where there is something to say of it: 48 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct VersionRecord
{
    public const int Bytes = 48;

    public uint Resource;
    public uint Subject;
    public ulong Created;
    public ulong Deleted;
    public Window Window;
    public uint Caveat;
    public uint Link;               // the version before this one, or, of a record that is free, the next free one; 0: none

    private const uint RetiredBit = 0x8000_0000;

    /// <summary>The place of the version before this one; 0 if it is the oldest.</summary>
    public readonly uint Older => Volatile.Read(in Link) & ~RetiredBit;

    /// <summary>Whether it waits in limbo. Readers may still come to it.</summary>
    public readonly bool IsRetired => (Link & RetiredBit) != 0;

    public void Retire() => Link |= RetiredBit;

    public readonly bool IsVisibleAt(ulong revision) => Created <= revision && revision < Volatile.Read(in Deleted);

    /// <summary>Whether it is kept for the sake of older revisions, not for its window or caveat.</summary>
    public readonly bool IsHistory => Created != 0 || Deleted != EdgeVersion.NotDeleted;

    public readonly EdgeVersion ToVersion() => new(Resource, Subject, Created, Deleted, Window, Caveat);
}
