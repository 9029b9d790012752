using Microsoft.Win32.SafeHandles;

namespace AuthzGraph.Graph.Storage;

/// <summary>Asks the disk to keep what it was given. The tests put in one that remembers what it was asked for, and forgets the rest.</summary>
internal interface IStableStorage
{
    /// <summary>What was written to the file so far is on stable storage when this returns.</summary>
    /// <param name="path">The file's name at this moment.</param>
    /// <exception cref="IOException">The system's own reason.</exception>
    void Sync(SafeFileHandle file, string path);

    /// <summary>The entry of a new, renamed or removed file in its directory is on stable storage when this returns.</summary>
    /// <exception cref="IOException">The system's own reason.</exception>
    void SyncDirectoryOf(string path);
}
