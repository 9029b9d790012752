namespace AuthzGraph.Graph.Storage;

/// <summary>Keeps a store's directory to one opener at a time. The system lets go when the process ends, however it ends.</summary>
internal static class DirectoryLock
{
    private const string FileName = "lock";
    // What the system says of a lock that somebody else holds.
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;
    private const int WindowsSharingViolation = 32;

    /// <exception cref="StoreFailedException">Somebody else has it.</exception>
    public static IDisposable Take(string directory)
    {
        try
        {
            return File.OpenHandle(Path.Combine(directory, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when ((e.HResult & 0xFFFF) is LinuxWouldBlock or MacWouldBlock or WindowsSharingViolation)
        {
            throw new StoreFailedException(
                $"the store in {directory} is in use: another process, or another graph in this one, holds its lock file", e);
        }
    }
}
