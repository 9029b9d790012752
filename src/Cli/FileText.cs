using AuthzGraph.Validation;

namespace AuthzGraph.Cli;

/// <summary>Files as the user named them.</summary>
internal static class FileText
{
    public static SourceText Read(string path)
    {
        try
        {
            return new SourceText(path, File.ReadAllText(path));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, problem);
        }
    }

    public static CommandException Unreadable(string path, Exception problem) => new(
        problem is FileNotFoundException or DirectoryNotFoundException ? $"there is no file {path}"
        : Directory.Exists(path) ? $"{path} is a directory, not a file"
        : $"{path} can't be read: {problem.Message}", "IO");
}
